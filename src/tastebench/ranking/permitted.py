"""Which items may appear: available, created by now, not hidden, not excluded, passing the filters."""

from collections.abc import Mapping

import numpy as np

from tastebench.domain.columns import Bools, CatalogueColumns, Ints, LogColumns, positions
from tastebench.domain.interaction import LIKED_WEIGHT
from tastebench.domain.request import Filters, Request
from tastebench.learning import events


def known_by(catalogue: CatalogueColumns, now: int) -> Bools:
    """Return the items that are available and were in the catalogue at `now`."""
    return catalogue.available & (catalogue.created_at <= now)


def hidden_keys(own: LogColumns, hide_after: tuple[str, ...], *, repeats: bool = False) -> Ints:
    """Return the keys of the items the persona is done with: one event named in `hide_after` is enough.

    An explicit weight of at least .5 counts as ``like``, of at most -.5 as ``dislike``. With `repeats` purchases
    hide nothing.
    """
    own = own.take(~events.purchased(own)) if repeats else own
    named = np.array([name in hide_after for name in own.action_names], dtype=np.bool_)
    done = named[own.actions] if len(named) else np.zeros(len(own), dtype=np.bool_)
    if "like" in hide_after:
        done = done | (own.weights >= LIKED_WEIGHT)
    if "dislike" in hide_after:
        done = done | (own.weights <= -LIKED_WEIGHT)
    return np.unique(own.items[done])


def passing(catalogue: CatalogueColumns, filters: Filters, text_keys: Ints | None) -> Bools:
    """Return the items that pass the filters.

    Parameters
    ----------
    text_keys : int array, optional
        Keys of the items in which ``filters.text`` was found; None where no text is asked for.
    """
    passed = np.ones(len(catalogue), dtype=np.bool_)
    for facet, tags in filters.facets.items():
        if tags:
            passed &= _tagged(catalogue, facet, tags)
    for facet, tags in filters.without.items():
        passed &= ~_tagged(catalogue, facet, tags)
    for name, (low, high) in filters.ranges.items():
        values = catalogue.attributes.get(name, np.full(len(catalogue), np.nan))
        passed &= (values >= (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))
    if filters.only_items is not None:
        passed &= _members(catalogue, filters.only_items)
    if text_keys is not None:
        passed &= np.isin(catalogue.keys, text_keys)
    return passed


def permitted(
    catalogue: CatalogueColumns, own: LogColumns, request: Request, now: int, text_keys: Ints | None
) -> Bools:
    """Return the items that may appear in the answer to this request."""
    allowed = known_by(catalogue, now)
    hidden = positions(catalogue.keys, hidden_keys(own, request.profile.hide_after, repeats=request.profile.repeats))
    allowed[hidden[hidden >= 0]] = False
    if request.exclude_items:
        allowed &= ~_members(catalogue, request.exclude_items)
    if request.filters:
        allowed &= passing(catalogue, request.filters, text_keys)
    return allowed


def _tagged(catalogue: CatalogueColumns, facet: str, tags: tuple[str, ...]) -> Bools:
    column = catalogue.facets.get(facet)
    if column is None:
        return np.zeros(len(catalogue), dtype=np.bool_)
    wanted = np.array([name in tags for name in column.names], dtype=np.float64)
    return column.row_sums(wanted) > 0


def _members(catalogue: CatalogueColumns, item_ids: tuple[str, ...]) -> Bools:
    position_of: Mapping[str, int] = catalogue.position_of
    mask = np.zeros(len(catalogue), dtype=np.bool_)
    mask[[position_of[item_id] for item_id in item_ids if item_id in position_of]] = True
    return mask
