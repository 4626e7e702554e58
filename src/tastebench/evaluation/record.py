"""Records: evaluations and searches as plain JSON values, for files and other programs."""

import math
from dataclasses import asdict
from typing import Any

from tastebench.domain.columns import Bools
from tastebench.evaluation.bootstrap import Estimate
from tastebench.evaluation.lift import Lift
from tastebench.evaluation.report import Evaluation
from tastebench.evaluation.tuning import Tuned

_CANDIDATES = 20


def evaluation_record(report: Evaluation) -> dict[str, Any]:
    """Return every method's means with their intervals, in all metrics and over all slices; the unknown is None."""
    return {
        "settings": report.settings.model_dump(mode="json"),
        "personas": len(report.personas),
        "reference": report.reference.name,
        "methods": [
            {
                "name": method.name,
                "label": method.label,
                "kind": method.kind,
                "profile": None if method.profile is None else method.profile.model_dump(mode="json"),
                "totals": {name: _known(report.total(method.name, name)) for name in report.total_names},
            }
            for method in report.methods
        ],
        "metrics": _metrics(report),
        "slices": [
            {"by": one.by, "label": one.label, "personas": int(one.members.sum()),
             "metrics": _metrics(report, one.members)}
            for one in report.slices()
        ],
        "language_model": None if report.lift is None else _lift(report, report.lift),
        "notes": list(report.notes),
        "seconds": round(report.seconds, 3),
    }  # fmt: skip


def search_record(report: Tuned) -> dict[str, Any]:
    """Return what a search found, what remains of it, its best candidates and what it took."""
    candidates = report.candidates
    return {
        "search": report.search.model_dump(mode="json"),
        "verdict": report.verdict,
        "holds": report.holds,
        "gain": None if report.gain is None else _estimate(report.gain),
        "before": report.before,
        "found": None if report.best is None else report.best.model_dump(mode="json"),
        "candidates": [
            {
                "objective": _known(float(candidates.objective[number])),
                "coverage": _known(float(candidates.coverage[number])),
                "popularity_bias": _known(float(candidates.popularity_bias[number])),
                "allowed": bool(candidates.allowed[number]),
                "profile": candidates.profile(number).model_dump(mode="json"),
            }
            for number in range(min(len(candidates), _CANDIDATES))
        ],
        "effort": asdict(report.effort),
        "evaluation": evaluation_record(report.evaluation),
    }


def _lift(report: Evaluation, lift: Lift) -> dict[str, Any]:
    slices = [one for one in report.slices() if one.members[lift.rows].any()]
    return {
        "model": lift.model,
        "influence": lift.influence,
        "candidates": lift.candidates,
        "lists": len(lift),
        "answered": lift.answered,
        "unanswered": {state.value: times for state, times in lift.unanswered.items()},
        "seconds_per_list": _known(lift.seconds_per_list),
        "metrics": _lifts(lift),
        "slices": [{"by": one.by, "label": one.label, "metrics": _lifts(lift, one.members)} for one in slices],
    }


def _lifts(lift: Lift, members: Bools | None = None) -> dict[str, Any]:
    found = {metric: lift.estimate(metric, members) for metric in lift.metrics}
    return {
        metric: {
            "lists": one.lists,
            **{name: _estimate(getattr(one, name)) for name in ("without", "judged", "lift")},
            "least": _known(one.least),
            "most": _known(one.most),
        }
        for metric, one in found.items()
    }


def _metrics(report: Evaluation, members: Bools | None = None) -> dict[str, Any]:
    return {
        metric: {
            standing.method.name: {"mean": _estimate(standing.mean), "difference": _estimate(standing.difference)}
            for standing in standings
        }
        for metric, standings in report.all_standings(members).items()
    }


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    return dict(zip(("mean", "low", "high"), map(_known, estimate), strict=True))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
