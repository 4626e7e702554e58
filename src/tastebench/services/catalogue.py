"""Use cases of the catalogue: look, edit, take out, put back."""

from collections.abc import Mapping

import numpy as np

from tastebench.domain.errors import NotFound
from tastebench.domain.item import Item
from tastebench.domain.request import Filters
from tastebench.ranking.permitted import passing
from tastebench.services.embedding import embed_item
from tastebench.services.uses import Uses
from tastebench.services.views import ItemPage
from tastebench.stores import items, workspaces


class Catalogue(Uses):
    """What can be done with a workspace's items."""

    def item(self, item_id: str) -> Item:
        """Return one item. Raises `NotFound`."""
        found = self.items_by_id((item_id,))
        if item_id not in found:
            raise NotFound(f"There is no item {item_id!r} in this workspace.", "Check the item's id.")
        return found[item_id]

    def items_by_id(self, item_ids: tuple[str, ...]) -> dict[str, Item]:
        """Return those of the items that exist, by id."""
        with self._parts.database.read() as connection:
            return items.fetch(connection, self._key, item_ids)

    def items(
        self,
        search: str = "",
        facets: Mapping[str, tuple[str, ...]] | None = None,
        available: bool | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> ItemPage:
        """Return a page of the items that contain `search` and carry a wanted tag of each facet, by title."""
        catalogue = self._snapshot().catalogue
        filters = Filters(facets=facets or {}, text=search)
        with self._parts.database.read() as connection:
            text_keys = items.matching_keys(connection, self._key, search) if search else None
            passed = passing(catalogue, filters, text_keys)
            if available is not None:
                passed &= catalogue.available == available
            rows = sorted(np.flatnonzero(passed).tolist(), key=lambda row: (catalogue.titles[row].casefold(), row))
            wanted = [catalogue.item_ids[row] for row in rows[offset : offset + limit]]
            found = items.fetch(connection, self._key, wanted)
        return ItemPage(tuple(found[item_id] for item_id in wanted if item_id in found), len(rows))

    def save_item(self, item: Item) -> None:
        """Add the item, or replace the one with its id; a changed text is embedded anew."""
        with self._parts.database.write() as connection:
            items.upsert(connection, self._key, [item])
            settings = self._row(connection).settings
            workspaces.save_settings(connection, self._key, settings.with_facets(tuple(item.facets)))
        embed_item(self._parts, self._key, item.item_id)

    def set_available(self, item_id: str, available: bool) -> None:
        """Let the item be recommended, or not."""
        with self._parts.database.write() as connection:
            items.set_available(connection, self._key, item_id, available)

    def delete_item(self, item_id: str) -> None:
        """Take the item out; `restore_item` puts it back."""
        with self._parts.database.write() as connection:
            if not items.delete(connection, self._key, [item_id]):
                raise NotFound(f"There is no item {item_id!r} in this workspace.", "Check the item's id.")
        self._held.drop_index()

    def restore_item(self, item_id: str) -> None:
        """Put a deleted item back."""
        with self._parts.database.write() as connection:
            if not items.restore(connection, self._key, [item_id]):
                raise NotFound(f"There is no deleted item {item_id!r} in this workspace.", "Check the item's id.")
        self._held.drop_index()

    def tags(self) -> dict[str, dict[str, int]]:
        """Return every facet's tags with how many items have them, most first."""
        catalogue = self._snapshot().catalogue
        result = {}
        for facet in self.settings.facets:
            column = catalogue.facets.get(facet)
            if column is not None:
                counts = np.bincount(column.codes, minlength=len(column.names))
                pairs = sorted(zip(column.names, counts.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
                result[facet] = {tag: count for tag, count in pairs if count}
        return result

    def attribute_ranges(self) -> dict[str, tuple[float, float]]:
        """Return the smallest and largest value of every numeric attribute."""
        columns = self._snapshot().catalogue.attributes
        known = {name: values[np.isfinite(values)] for name, values in columns.items()}
        return {name: (float(v.min()), float(v.max())) for name, v in sorted(known.items()) if len(v)}
