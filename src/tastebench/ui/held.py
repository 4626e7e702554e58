"""What a session holds on to, so that the next run of a page reads nothing it has already read."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import streamlit as st

from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import (
    BehaviourSettings,
    DiversitySettings,
    FreshnessSettings,
    RerankSettings,
    ScoringProfile,
)
from tastebench.domain.request import Request
from tastebench.services import Workspace
from tastebench.services.views import Now
from tastebench.signals import on_demand

EVIDENCE_LIMIT = 8
"""So many pieces of evidence are held at once where nobody asks for more: some to go back to."""

_NOW_LASTS = timedelta(minutes=5)
_NOWS = 64

_OF_LISTS = ("held/evidence", "held/now", "judged")
"""What the session holds of lists; the second part of each key is the workspace's revision."""

T = TypeVar("T")


def once(name: str, key: Hashable, compute: Callable[[], T], limit: int = 1) -> T:
    """Return `compute()`, or what it gave before for the same key; the `limit` latest keys of a name are held."""
    kept: dict[Hashable, T] = st.session_state.setdefault(f"held/{name}", {})
    value = kept.pop(key) if key in kept else compute()
    kept[key] = value
    while len(kept) > limit:
        del kept[next(iter(kept))]
    return value


def evidence(workspace: Workspace, request: Request, revision: object = None, limit: int = EVIDENCE_LIMIT) -> Evidence:
    """Return the evidence for a request, gathered anew only where something it depends on has changed.

    Who asks often in one run reads `workspace.revision` once and passes it.
    """
    key = (workspace.key, workspace.revision if revision is None else revision, _question(request))
    return once("evidence", key, lambda: workspace.gather(request), limit)


def now(workspace: Workspace, persona_id: str, revision: object = None) -> Now:
    """Return the persona's now, the same one while nothing changes and for five minutes at most."""
    clock = datetime.now(UTC)
    key = (workspace.key, workspace.revision if revision is None else revision, persona_id)
    asked, value = once("now", key, lambda: (clock, workspace.default_now(persona_id)), _NOWS)
    if clock - asked <= _NOW_LASTS:
        return value
    st.session_state.pop("held/now")
    return now(workspace, persona_id, revision)


def newest_now(workspace: Workspace, persona_id: str) -> Now:
    """Return the persona's now, not before the last entry of the log: one that lists are held through included."""
    key = (workspace.key, workspace.revision, persona_id)
    return once("newest_now", key, lambda: workspace.default_now(persona_id))


def keeping_lists(workspace: Workspace, work: Callable[[], T]) -> T:
    """Return what `work` gives, which writes an entry of the log that no list depends on.

    What is held of lists is held on: they needn't be gathered, nor the language model asked, once more. Where something
    else changed meanwhile, nothing is kept.
    """
    before = workspace.revision
    result = work()
    if workspace.changed_by_one_log_entry(before):
        after = workspace.revision
        for name in _OF_LISTS:
            kept = st.session_state.get(name, {})
            st.session_state[name] = {(key[0], after, *key[2:]): kept[key] for key in kept if key[1] == before}
    return result


def _question(request: Request) -> str:
    query = replace(request.query, strength=1.0) if request.query else None
    profile = _gathering(request.profile)
    return replace(request, profile=profile, limit=1, offset=0, rerank=False, query=query).digest()


def _gathering(profile: ScoringProfile) -> ScoringProfile:
    # What only scoring reads is set to one value for all: evidence serves every such profile. Of the weights it matters
    # which signals on demand have any: a slider that leaves zero gathers once.
    weights = dict.fromkeys(sorted(on_demand(profile)), 1.0)
    mix = profile.popularity.model_copy(update={"likes_share": 0.5})
    near = profile.neighbours.model_copy(update={"sharpness": 1.0})
    same = {"name": "-", "weights": weights, "facet_weights": {}, "scale": "raw", "popularity": mix, "neighbours": near}
    sections = {"behaviour": BehaviourSettings(), "diversity": DiversitySettings(), "freshness": FreshnessSettings()}
    return profile.model_copy(update={**same, **sections, "rerank": RerankSettings()})
