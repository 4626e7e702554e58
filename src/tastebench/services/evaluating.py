"""Use cases of evaluation: measure profiles on held-out history, search weights, keep what came out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tastebench.domain.errors import Cancelled, InvalidInput
from tastebench.domain.persona import Persona
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.reports import OnProgress
from tastebench.domain.text import NAME_LIMIT
from tastebench.evaluation.candidates import SearchSettings
from tastebench.evaluation.evaluating import Tick, evaluated
from tastebench.evaluation.packing import Packed, packed, unpacked_evaluation, unpacked_search
from tastebench.evaluation.report import Evaluation, EvaluationSettings, Method
from tastebench.evaluation.tuning import Tuned, tuned
from tastebench.evaluation.world import world_of
from tastebench.services.embedding import TimeLeft
from tastebench.services.opinions import asking
from tastebench.services.recommending import Recommending
from tastebench.signals import resolved
from tastebench.stores import evaluations, personas
from tastebench.stores.evaluations import EvaluationHead, EvaluationKind, Revisions

IsCancelled = Callable[[], bool]


@dataclass(frozen=True)
class KeptEvaluation:
    """An evaluation and what is kept of its making; without a head it wasn't kept."""

    report: Evaluation
    head: EvaluationHead | None = None


@dataclass(frozen=True)
class KeptSearch:
    """A weight search and what is kept of its making; without a head it wasn't kept."""

    report: Tuned
    head: EvaluationHead | None = None


class Evaluating(Recommending):
    """What can be measured in a workspace."""

    def evaluate(
        self,
        profiles: Mapping[str, ScoringProfile] | None = None,
        settings: EvaluationSettings | None = None,
        *,
        progress: OnProgress | None = None,
        cancel: IsCancelled | None = None,
        keep: bool = True,
    ) -> KeptEvaluation:
        """Return what the workspace's default profile, these and the baselines come to on held-out history.

        Parameters
        ----------
        profiles : mapping of str to ScoringProfile, optional
            What to compare with the default, by the name it is shown under.
        keep : bool
            Whether to keep it, for `evaluations` to list.

        Raises
        ------
        InvalidInput
            Where the split leaves nobody to test.
        Cancelled
            Where `cancel` said so; nothing is kept.
        """
        asked, revisions = settings or EvaluationSettings(), self._revisions()
        reference = self._resolved(self.profile(), rerank=bool(asked.rerank))
        tick = _tick(progress, cancel)
        tick("Splitting the log", 0, 1)
        world = world_of(self._snapshot(), self._people(), self._parts.encoder, asked.split, asked.sample, asked.seed)
        ask = asking(self._parts, self._key, cancel or (lambda: False))
        report = evaluated(world, _methods(reference, profiles or {}), asked, tick, ask)
        label = " · ".join([asked.label, *(profiles or {}), *(["with the language model"] if asked.rerank else [])])
        return KeptEvaluation(report, self._keep(label, reference, revisions, report) if keep else None)

    def search_weights(
        self,
        profile: ScoringProfile | None = None,
        settings: EvaluationSettings | None = None,
        search: SearchSettings | None = None,
        *,
        progress: OnProgress | None = None,
        cancel: IsCancelled | None = None,
        keep: bool = True,
    ) -> KeptSearch:
        """Return the profile that ranks best on a part of the past, and what is left of it on a later part.

        Parameters
        ----------
        profile : ScoringProfile, optional
            Where the search starts, and what its gain is measured against; the workspace's default.

        Raises
        ------
        InvalidInput
            Where a split leaves nobody to test, or the search names a signal that does not exist.
        Cancelled
            Where `cancel` said so; nothing is kept.
        """
        asked, revisions, base = (
            settings or EvaluationSettings(),
            self._revisions(),
            resolved(profile or self.profile()),
        )
        snapshot, people, encoder = self._snapshot(), self._people(), self._parts.encoder
        report = tuned(snapshot, people, encoder, base, asked, search or SearchSettings(), _tick(progress, cancel))
        label = f"{asked.label} · from {base.name}"
        return KeptSearch(report, self._keep(label, base, revisions, report) if keep else None)

    def evaluations(self) -> list[EvaluationHead]:
        """Return what was measured and kept, newest first, searches included."""
        with self._parts.database.read() as connection:
            return evaluations.heads(connection, self._key)

    def evaluation(self, key: int) -> KeptEvaluation:
        """Return a kept evaluation. Raises `NotFound`."""
        head, kept = self._kept(key, "evaluation")
        return KeptEvaluation(unpacked_evaluation(kept), head)

    def weight_search(self, key: int) -> KeptSearch:
        """Return a kept search. Raises `NotFound`."""
        head, kept = self._kept(key, "search")
        return KeptSearch(unpacked_search(kept), head)

    def delete_evaluation(self, key: int) -> None:
        """Remove a kept evaluation or search for good. Raises `NotFound`."""
        with self._parts.database.write() as connection:
            evaluations.delete(connection, self._key, key)

    def same_data(self, head: EvaluationHead) -> bool:
        """Tell whether the workspace's data is still what was measured."""
        return dict(head.revisions) == dict(self._revisions())

    def adopt(self, profile: ScoringProfile, name: str, note: str = "", *, default: bool = False) -> int:
        """Save a profile that was found under this name, on request as the workspace's default; return its version."""
        version = self.save_profile(profile.model_copy(update={"name": name}), note)
        if default:
            self.set_default_profile(name, version)
        return version

    def _people(self) -> dict[int, Persona]:
        with self._parts.database.read() as connection:
            found = personas.fetch(connection, self._key, list(personas.names(connection, self._key)))
        return {stored.key: stored.persona for stored in found.values()}

    def _revisions(self) -> Revisions:
        row = self._row()
        return {"catalogue": row.catalogue_revision, "log": row.log_revision, "personas": row.persona_revision}

    def _keep(
        self, label: str, base: ScoringProfile, revisions: Revisions, report: Evaluation | Tuned
    ) -> EvaluationHead:
        kind: EvaluationKind = "search" if isinstance(report, Tuned) else "evaluation"
        settings = report.evaluation.settings if isinstance(report, Tuned) else report.settings
        head = EvaluationHead(
            key=0,
            kind=kind,
            label=label[:NAME_LIMIT],
            made_at=datetime.now(UTC).replace(microsecond=0),
            profile=base.canonical_json(),
            revisions=revisions,
            seed=settings.seed,
        )
        with self._parts.database.write() as connection:
            return evaluations.add(connection, self._key, head, *packed(report))

    def _kept(self, key: int, kind: EvaluationKind) -> tuple[EvaluationHead, Packed]:
        with self._parts.database.read() as connection:
            stored = evaluations.fetch(connection, self._key, key)
        if stored.head.kind != kind:
            raise InvalidInput(f"What is kept there is a different thing: {stored.head.label}.", "Choose another.")
        return stored.head, Packed(stored.document, stored.arrays)


def _methods(reference: ScoringProfile, others: Mapping[str, ScoringProfile]) -> list[Method]:
    first = Method("default", f"{reference.name} (default)", "profile", reference)
    return [first, *(Method(f"profile:{label}", label, "profile", resolved(one)) for label, one in others.items())]


def _tick(progress: OnProgress | None, cancel: IsCancelled | None) -> Tick:
    """Return what is called between two pieces of work: it tells how far it is, and raises where it was cancelled."""
    clocks: dict[tuple[str, int], TimeLeft] = {}

    def tick(phase: str, done: int, total: int) -> None:
        if cancel is not None and cancel():
            raise Cancelled("The evaluation was stopped.", "Nothing of it was kept.")
        clocks.setdefault((phase, total), TimeLeft(phase, total, progress)).at(done)

    return tick
