"""Faults of what the model writes, on an answer that was good."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, repeat
from typing import Any

from tests.ollama_double.faults.register import fault
from tests.ollama_double.values import Question

_content = partial(fault, "content", "text")
Grades = dict[str, Any]


def handles(question: Question) -> list[str]:
    """Return the schema's keys that stand for a candidate, in order."""
    properties = (question.schema or {}).get("properties", {})
    return sorted(name for name, node in properties.items() if "properties" in node)


def _edited(text: str, question: Question, edit: Callable[[Grades, list[str]], Any]) -> str:
    """Return the answer after an edit: the edit changes it in place, or returns another."""
    grades = json.loads(text)
    changed = edit(grades, handles(question))
    return json.dumps(grades if changed is None else changed, ensure_ascii=False)


def _title(question: Question, handle: str) -> str:
    """Return the title that stands beside a handle in the prompt."""
    record = json.loads(question.candidates[handle])
    return str(record.get("title") or max((one for one in record.values() if isinstance(one, str)), key=len))


@_content("answers in prose")
def prose(text: str, question: Question) -> str:
    return "I would watch the first one tonight. The others are fine as well!"


@_content("puts the answer into a fence, with words around it")
def fenced(text: str, question: Question) -> str:
    return f"Here you are:\n```json\n{text}\n```\nEnjoy!"


@_content("writes its thinking before the answer")
def thinking_inside(text: str, question: Question) -> str:
    return f'<think>\nMaybe {{"c01": {{"fit": 0}}}}?\n</think>\n\n{text}'


@_content("begins its answer with a byte order mark")
def bom_inside(text: str, question: Question) -> str:
    return "\ufeff" + text


@_content("stops halfway and calls it complete")
def truncated_json(text: str, question: Question) -> str:
    return text[: len(text) // 2]


@_content("writes a key twice")
def duplicate_keys(text: str, question: Question) -> str:
    first = handles(question)[0]
    return f'{text[:-1]}, "{first}": {{"fit": 0, "why": "Another one."}}}}'


def _rows(grades: Grades, names: list[str]) -> list[Grades]:
    return [{"id": name, **grades[name]} for name in names]


@_content("answers with a list instead of an object")
def list_variant(text: str, question: Question) -> str:
    return _edited(text, question, _rows)


@_content("answers with a list under the word ranking")
def ranking_variant(text: str, question: Question) -> str:
    return _edited(text, question, lambda grades, names: {"ranking": _rows(grades, names)})


@_content("names a candidate twice in a list")
def duplicate_handles(text: str, question: Question) -> str:
    return _edited(text, question, lambda grades, names: _rows(grades, [*names, names[0]]))


@_content("grades a candidate that doesn't exist")
def invented_handles(text: str, question: Question) -> str:
    return _edited(text, question, lambda grades, names: {**grades, "c99": {"fit": 10, "why": "The best of all."}})


@_content("leaves out a third of the candidates")
def missing_handles(text: str, question: Question) -> str:
    return _without(text, question, 3)


@_content("grades two candidates and leaves out the others")
def most_missing(text: str, question: Question) -> str:
    return _edited(text, question, lambda grades, names: {name: grades[name] for name in names[:2]})


def _without(text: str, question: Question, every: int) -> str:
    def edit(grades: Grades, names: list[str]) -> None:
        for name in names[::every][: len(names) // every]:
            del grades[name]

    return _edited(text, question, edit)


@_content("names the candidates by their titles")
def titles_for_handles(text: str, question: Question) -> str:
    return _edited(text, question, lambda grades, names: {_title(question, name): grades[name] for name in names})


@_content("adds fields that nobody asked for")
def extra_fields(text: str, question: Question) -> str:
    def edit(grades: Grades, names: list[str]) -> None:
        grades["confidence"] = 0.9
        for name in names:
            grades[name] |= {"rank": 1, "id": 7, "note": None}

    return _edited(text, question, edit)


_RAW = "\u0001raw\u0001"


def _grade(name: str, raw: str, meaning: str) -> None:
    """Enter a fault that writes `raw` as the grade of the second candidate."""

    @_content(f"grades a candidate {meaning}", name=name)
    def _fit(text: str, question: Question) -> str:
        def edit(grades: Grades, names: list[str]) -> None:
            grades[names[1]]["fit"] = _RAW

        return _edited(text, question, edit).replace(json.dumps(_RAW), raw)


for _name, _raw, _meaning in (
    ("fit_text", '"7"', 'with "7" in quotes'),
    ("fit_fraction", "7.5", "with 7.5"),
    ("fit_true", "true", "with true"),
    ("fit_null", "null", "with null"),
    ("fit_negative", "-1", "with -1"),
    ("fit_99", "99", "with 99"),
    ("fit_1e400", "1e400", "with 1e400, more than a float holds"),
    ("fit_nan", "NaN", "with NaN, which is no JSON"),
):
    _grade(_name, _raw, _meaning)


def _graded(text: str, question: Question, grade: Callable[[int, int], int]) -> str:
    shown = [*question.candidates]

    def edit(grades: Grades, names: list[str]) -> None:
        for place, name in enumerate(shown):
            grades[name]["fit"] = grade(place, len(shown))

    return _edited(text, question, edit)


@_content("gives every candidate the same grade")
def all_equal(text: str, question: Question) -> str:
    return _graded(text, question, lambda place, count: 5)


@_content("grades down along the order it was shown")
def shown_order(text: str, question: Question) -> str:
    return _graded(text, question, lambda place, count: round(10 * (count - 1 - place) / max(1, count - 1)))


@_content("grades up along the order it was shown")
def reversed_order(text: str, question: Question) -> str:
    return _graded(text, question, lambda place, count: round(10 * place / max(1, count - 1)))


@_content("writes white space for ever")
def whitespace_loop(text: str, question: Question) -> Iterator[str]:
    return chain(["{"], repeat("  \n\t"))


@_content("repeats itself until there is no more room")
def repetition_loop(text: str, question: Question) -> Iterator[str]:
    return chain(['{"c01": {"fit": 5, "why": "'], repeat("very "))


@_content("writes five megabytes")
def flood(text: str, question: Question) -> Iterator[str]:
    return chain([text[:-1]], repeat("x" * 65_536, 80))


@_content("opens a hundred thousand brackets")
def open_brackets(text: str, question: Question) -> Iterator[str]:
    return repeat("[" * 1000, 100)


def _comments(text: str, question: Question, comment: Callable[[str], str]) -> str:
    def edit(grades: Grades, names: list[str]) -> None:
        for name in names:
            grades[name]["why"] = comment(name)

    return _edited(text, question, edit)


@_content("comments in another language")
def other_language(text: str, question: Question) -> str:
    return _comments(text, question, lambda handle: "これはあなたにぴったりの作品です。")


@_content("comments on one candidate by talking of another")
def why_about_another(text: str, question: Question) -> str:
    names = handles(question)
    return _comments(
        text,
        question,
        lambda name: f"It tells almost the same quiet story as {_title(question, names[name == names[0]])} does.",
    )


@_content("comments with HTML, links and control characters")
def hostile_why(text: str, question: Question) -> str:
    hostile = (
        "<script>alert(1)</script><img src=x onerror=alert(2)> [x](http://evil.example) \u202e\u0000\u001b[31m\n# Hi"
    )
    return _comments(text, question, lambda handle: hostile)


@_content("repeats the schema")
def echoed_schema(text: str, question: Question) -> str:
    return json.dumps(question.schema)


@_content("repeats the prompt")
def echoed_prompt(text: str, question: Question) -> str:
    return question.text
