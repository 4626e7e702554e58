"""Packing: evaluations and searches as a document and arrays, to be kept and read again."""

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from io import BytesIO
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from tastebench.domain.errors import InvalidInput
from tastebench.domain.profile import ScoringProfile
from tastebench.evaluation.candidates import Candidates, SearchSettings
from tastebench.evaluation.lift import Lift
from tastebench.evaluation.report import Evaluation, EvaluationSettings, Method
from tastebench.evaluation.search import Effort
from tastebench.evaluation.tuning import Tuned

T = TypeVar("T")

_LARGEST = 1 << 30
"""Bytes that arrays may unpack to: an archive from anywhere may have brought them."""
_LIFT = ("rows", "seconds", "values")
_CANDIDATES = ("variants", "shares", "objective", "coverage", "popularity_bias", "allowed")


class Packed(NamedTuple):
    """A document (JSON) and a compressed NumPy archive."""

    document: str
    arrays: bytes


def packed(report: Evaluation | Tuned) -> Packed:
    """Return a report as it can be kept."""
    document, arrays = _of_tuned(report) if isinstance(report, Tuned) else _of_evaluation(report)
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return Packed(json.dumps(document, ensure_ascii=False, separators=(",", ":")), file.getvalue())


def unpacked_evaluation(kept: Packed) -> Evaluation:
    """Return the evaluation that `packed` was given. Raises `InvalidInput` where it cannot be read."""
    return _read(kept, _evaluation)


def unpacked_search(kept: Packed) -> Tuned:
    """Return the search that `packed` was given. Raises `InvalidInput` where it cannot be read."""
    return _read(kept, _tuned)


def _read(kept: Packed, read: Callable[[Any, Mapping[str, NDArray[Any]]], T]) -> T:
    try:
        with zipfile.ZipFile(BytesIO(kept.arrays)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _LARGEST:
                raise ValueError("too large")  # noqa: TRY301 — one way out for everything that cannot be read
        with np.load(BytesIO(kept.arrays), allow_pickle=False) as arrays:
            return read(json.loads(kept.document), dict(arrays))
    except (ValueError, KeyError, TypeError, AttributeError, OSError, zipfile.BadZipFile, RecursionError) as error:
        raise InvalidInput(
            "What was kept of this evaluation cannot be read.", "Delete it, and run it again."
        ) from error


def _of_evaluation(report: Evaluation) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    document = {
        "settings": report.settings.model_dump(mode="json"),
        "methods": [_of_method(method) for method in report.methods],
        "personas": report.personas,
        "origins": report.origins,
        "categories": list(report.categories),
        "metrics": report.metrics,
        "total_names": report.total_names,
        "notes": report.notes,
        "seconds": report.seconds,
        "lift": None if report.lift is None else _of_lift(report.lift),
    }
    members = np.array([*report.categories.values()], dtype=np.bool_).reshape(-1, len(report.personas))
    return document, {
        "history": report.history, "categories": members, "values": report.values, "totals": report.totals,
        **({} if report.lift is None else {f"lift_{name}": getattr(report.lift, name) for name in _LIFT}),
    }  # fmt: skip


def _of_lift(lift: Lift) -> dict[str, Any]:
    fields = ("model", "influence", "candidates", "states", "seed", "reasons", "metrics")
    return {name: getattr(lift, name) for name in fields}


def _lift(document: Any, arrays: Mapping[str, NDArray[Any]]) -> Lift:
    numbers: dict[str, Any] = {name: arrays[f"lift_{name}"] for name in _LIFT}
    lift = Lift(**document | {name: tuple(document[name]) for name in ("states", "metrics")} | numbers)
    if lift.values.shape != (4, len(lift.metrics), len(lift)) or len(lift.states) != len(lift):
        raise ValueError("names and numbers don't belong together")
    return lift


def _evaluation(document: Any, arrays: Mapping[str, NDArray[Any]]) -> Evaluation:
    report = Evaluation(
        settings=EvaluationSettings.model_validate(document["settings"]),
        methods=tuple(_method(method) for method in document["methods"]),
        personas=tuple(document["personas"]),
        history=arrays["history"],
        origins=tuple(document["origins"]),
        categories=dict(zip(document["categories"], arrays["categories"], strict=True)),
        values=arrays["values"],
        totals=arrays["totals"],
        metrics=tuple(document["metrics"]),
        total_names=tuple(document["total_names"]),
        notes=tuple(document["notes"]),
        seconds=float(document["seconds"]),
        lift=_lift(document["lift"], arrays) if document.get("lift") else None,
    )
    sizes = len(report.methods), len(report.metrics), len(report.personas)
    if report.values.shape != sizes or report.totals.shape != (sizes[0], len(report.total_names)):
        raise ValueError("names and numbers don't belong together")
    return report


def _of_method(method: Method) -> dict[str, Any]:
    profile = None if method.profile is None else method.profile.model_dump(mode="json")
    return {"name": method.name, "label": method.label, "kind": method.kind, "profile": profile}


def _method(document: Any) -> Method:
    profile = None if document["profile"] is None else ScoringProfile.parse(document["profile"])
    return Method(document["name"], document["label"], document["kind"], profile)


def _of_tuned(report: Tuned) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    document, arrays = _of_evaluation(report.evaluation)
    document = {
        "evaluation": document,
        "search": report.search.model_dump(mode="json"),
        "before": report.before,
        "effort": asdict(report.effort),
        "names": report.candidates.names,
        "profiles": [profile.model_dump(mode="json") for profile in report.candidates.profiles],
    }
    return document, arrays | {f"tried_{name}": getattr(report.candidates, name) for name in _CANDIDATES}


def _tuned(document: Any, arrays: Mapping[str, NDArray[Any]]) -> Tuned:
    tried: dict[str, Any] = {name: arrays[f"tried_{name}"] for name in _CANDIDATES}
    if tried["shares"].shape != (len(tried["variants"]), len(document["names"])):
        raise ValueError("names and numbers don't belong together")
    profiles = tuple(ScoringProfile.parse(profile) for profile in document["profiles"])
    return Tuned(
        search=SearchSettings.model_validate(document["search"]),
        candidates=Candidates(names=tuple(document["names"]), profiles=profiles, **tried),
        before=float(document["before"]),
        evaluation=_evaluation(document["evaluation"], arrays),
        effort=Effort(**document["effort"]),
    )
