"""Reading the language model's answer: any text in, grades and a list of repairs out."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from types import MappingProxyType
from typing import Any

from tastebench.domain.chat import Verdict
from tastebench.domain.judgement import Judgement
from tastebench.domain.model_state import ModelState
from tastebench.ranking.entries import Entry, entries_in, known
from tastebench.ranking.grounding import spoken_title, ungrounded
from tastebench.ranking.lenient import values_in
from tastebench.ranking.plain import plain
from tastebench.ranking.prompting import HANDLE, Asked, Brief, Candidate, neutral
from tastebench.ranking.shape import COMMENT_LIMITS, SUMMARY_LIMIT, Explain


@dataclass(frozen=True)
class Reading:
    """What one answer says.

    Parameters
    ----------
    state : ModelState
        OK, PARTIAL, NO_PREFERENCE or INVALID_OUTPUT.
    grades : mapping of str to int
        Item id to grade in 0 to 10; empty where the answer can't be used.
    comments : mapping of str to str
        Item id to the model's comment, one clean line; of graded items only.
    summary : str
    repairs : tuple of str
        What had to be mended, one short sentence each.
    handles : mapping of str to str
        Handle to item id, as the question had them.
    """

    state: ModelState
    grades: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    comments: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    summary: str = ""
    repairs: tuple[str, ...] = ()
    handles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read(text: str | bytes, asked: Asked, explain: Explain) -> Reading:
    """Return what an answer says. Pure and total: whatever comes in, nothing is raised.

    Examples
    --------
    >>> from tastebench.domain.chat import ChatPrompt
    >>> asked = Asked(ChatPrompt("", "", {}), {"c01": "klute", "c02": "laura"})
    >>> read('{"c01": {"fit": 7, "why": "Quiet."}, "c02": {"fit": 2, "why": ""}}', asked, "short").grades
    {'klute': 7, 'laura': 2}
    """
    values, notes = values_in(text)
    entries, shape = entries_in(values, asked.handles)
    first = _first_of_each(entries, asked.handles)
    grades = {asked.handles[handle]: _grade(entry.grade) for handle, entry in first.items()}
    graded = {item_id: grade for item_id, grade in grades.items() if grade is not None}
    state = state_of(graded.values(), len(asked.handles))
    repairs = (*notes, *shape, *_repairs(entries, first, graded, asked.handles))
    if state is ModelState.INVALID_OUTPUT:
        return Reading(state, repairs=repairs, handles=asked.handles)
    limit = COMMENT_LIMITS[explain]
    said = {asked.handles[handle]: entry.why for handle, entry in first.items()}
    comments = {item_id: _text(said[item_id], limit) for item_id in graded}
    return Reading(
        state=state,
        grades=graded,
        comments={item_id: comment for item_id, comment in comments.items() if comment},
        summary=_text(_summary(values), SUMMARY_LIMIT if limit else 0),
        repairs=repairs,
        handles=asked.handles,
    )


def verdict(asked: Asked, explain: Explain) -> Verdict:
    """Return the judge of answers to this question, for the chat model's port."""
    return lambda text: read(text, asked, explain).state


def judgement(brief: Brief, asked: Sequence[Asked], readings: Sequence[Reading]) -> Judgement:
    """Return the answers taken together: mean grades, grounded comments, which items were left out and why.

    `readings` may be fewer than `asked`: only what was answered counts.
    """
    usable = [reading for reading in readings if reading.state.answered]
    item_ids = tuple(one.item_id for one in brief.candidates)
    given = {item_id: [one.grades[item_id] for one in usable if item_id in one.grades] for item_id in item_ids}
    grades = {item_id: fmean(values) for item_id, values in given.items() if values}
    comments, doubts = _comments(brief, usable)
    unusable = [f"{len(readings) - len(usable)} of {len(readings)} answers could not be used."]
    repairs = [repair for reading in readings for repair in reading.repairs]
    titles = {one.item_id: spoken_title(one) for one in brief.candidates}
    summaries = [_with_titles(one.summary, one.handles, titles) for one in usable if one.summary]
    return Judgement(
        item_ids=item_ids,
        grades=grades,
        comments=comments,
        ungrounded=doubts,
        neutral=neutral(brief),
        summary=plain(summaries[0], SUMMARY_LIMIT) if summaries else "",
        state=state_of(grades.values(), len(asked[0].handles) if asked else 0),
        repairs=tuple(dict.fromkeys([*(unusable if len(usable) < len(readings) else []), *repairs])),
    )


def _comments(brief: Brief, readings: Sequence[Reading]) -> tuple[dict[str, str], dict[str, str]]:
    """Return each item's first grounded comment, and for items that have none but others why those aren't shown."""
    # What the persona knows may well be compared with.
    familiar = "\n".join([*(deed.title for deed in brief.history), brief.persona.description, brief.instruction])
    shown = {item_id for reading in readings for item_id in reading.handles.values()}
    candidates = [one for one in brief.candidates if one.item_id in shown]
    comments, doubts = {}, {}
    for item in candidates:
        others = [one for one in candidates if one is not item and spoken_title(one) not in familiar]
        said = [_checked(reading, item, others, brief) for reading in readings if item.item_id in reading.comments]
        grounded = [comment for comment, doubt in said if not doubt]
        if grounded:
            comments[item.item_id] = grounded[0]
        elif said:
            doubts[item.item_id] = said[0][1]
    return comments, doubts


def _checked(reading: Reading, item: Candidate, others: Sequence[Candidate], brief: Brief) -> tuple[str, str]:
    """Return the comment on an item with its own handle replaced, and why it is not grounded or an empty text."""
    said = reading.comments[item.item_id]
    titles = {one.item_id: spoken_title(one) for one in (item, *others)}
    named = [reading.handles.get(known(handle), item.item_id) for handle in HANDLE.findall(said)]
    strangers = [titles[item_id] for item_id in named if item_id != item.item_id and item_id in titles]
    comment = plain(_with_titles(said, reading.handles, titles), COMMENT_LIMITS[brief.explain] or len(said))
    cared = [tag for tags in brief.persona.interests.values() for tag in tags]
    doubt = f"It names another candidate: {strangers[0]}." if strangers else ungrounded(comment, item, others, cared)
    return comment, doubt


def _with_titles(text: str, handles: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Return a text in which candidates go by their titles: their handles mean nothing to whoever reads it."""
    return HANDLE.sub(lambda found: titles.get(handles.get(known(found.group()), ""), found.group()), text)


def state_of(grades: Iterable[float], of: int) -> ModelState:
    """Return what so many grades of so many candidates are worth.

    Examples
    --------
    >>> [str(state_of(grades, 5)) for grades in ([1, 2, 3, 4, 5], [1, 2, 3], [1, 2], [7, 7, 7])]
    ['ok', 'partial', 'invalid_output', 'no_preference']
    """
    given = list(grades)
    if not given or (len(given) < of and len(given) < max(3, 0.6 * of)):
        return ModelState.INVALID_OUTPUT
    if len(set(given)) == 1:
        return ModelState.NO_PREFERENCE
    return ModelState.OK if len(given) == of else ModelState.PARTIAL


def _summary(values: Sequence[Any]) -> object:
    """Return the last summary there is: the prompt's schema may have been echoed before it."""
    return next((value["summary"] for value in reversed(values) if isinstance(value, dict) and "summary" in value), "")


def _first_of_each(entries: Iterable[Entry], handles: Mapping[str, str]) -> dict[str, Entry]:
    result: dict[str, Entry] = {}
    for entry in entries:
        if known(entry.handle) in handles:
            result.setdefault(known(entry.handle), entry)
    return result


def _grade(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10:
        return None
    return math.floor(value + 0.5)


def _text(value: object, limit: int) -> str:
    return plain(value, limit) if isinstance(value, str) and limit else ""


def _repairs(
    entries: Sequence[Entry], first: Mapping[str, Entry], graded: Mapping[str, int], handles: Mapping[str, str]
) -> list[str]:
    met = sum(known(entry.handle) in handles for entry in entries)
    fractions = sum(isinstance(entry.grade, float) and entry.grade % 1 > 0 for entry in first.values())
    counts = {
        "named no candidate and were dropped": len(entries) - met,
        "came again; the first counts": met - len(first),
        "were no number from 0 to 10": len(first) - len(graded),
        "were fractions and were rounded": fractions,
        "are missing; those items keep their score": len(handles) - len(first) if first else 0,
    }
    return [f"Grades that {what}: {count}." for what, count in counts.items() if count]
