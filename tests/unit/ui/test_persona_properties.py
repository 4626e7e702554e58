import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.persona import Persona
from tastebench.ui.personas.listing import face
from tastebench.ui.personas.properties import KIND, NAME, SINGLE, VALUE, read, table


def row(name: object = "age", kind: object = "text", value: object = "x") -> dict[str, object]:
    return {NAME: name, KIND: kind, VALUE: value}


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        ("number", "42", 42), ("number", "-3", -3), ("number", "3.5", 3.5), ("number", "1e3", 1000.0),
        ("yes/no", "Yes", True), ("yes/no", "false", False), ("text", "42", "42"), (None, "Leeds", "Leeds"),
        ("list", '["tea", 3, true]', ("tea", 3, True)),
    ],
)  # fmt: skip
def test_each_kind_is_read(kind: object, value: str, meant: object) -> None:
    known = read([row(kind=kind, value=value)])
    assert known.values == {"age": meant}
    assert type(known.values["age"]) is type(meant)
    assert known.problems == ()


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (row(name=None), "Property row 1: the property has no name. Name it, or empty the row."),
        (row(value=None), "Property row 1, age: the value is empty. Fill it in, or remove the row."),
        (row(kind="number", value="inf"), "Property row 1, age: “inf” is not a number."),
        (row(kind="number", value="nan"), "Property row 1, age: “nan” is not a number."),
        (row(kind="yes/no", value="maybe"), "Property row 1, age: “maybe” is neither yes nor no."),
        (row(kind="date", value="x"), "Property row 1, age: “date” is no kind."),
        (row(kind="list", value="tea, rain"), "Property row 1, age: “tea, rain” is no list. Write it like"),
        (row(kind="list", value='["tea", ["x"]]'), 'Property row 1, age: “["tea", ["x"]]” is no list.'),
        (row(kind="list", value="[NaN]"), "Property row 1, age: “[NaN]” is no list."),
        (row(kind="list", value="[1e999]"), "Property row 1, age: “[1e999]” is no list."),
        (row(kind="list", value="[" * 2000), "Property row 1, age: “[[[["),
    ],
)
def test_each_wrong_cell_gets_a_sentence(bad: dict[str, object], sentence: str) -> None:
    assert read([bad]).problems[0].startswith(sentence)


def test_a_doubled_name_is_a_problem_and_empty_rows_are_none() -> None:
    known = read([row(), row(None, None, None), row(value="y"), row("city", "text", "Leeds")])
    assert known.values == {"age": "x", "city": "Leeds"}
    assert known.problems == ("Property row 3, age: a property of that name stands above. Rename one of them.",)


values = st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text("abcxyz <>&", min_size=1).map(str.strip).filter(bool)


def test_a_list_is_refused_where_there_can_be_none() -> None:
    problems = read([row(kind="list", value='["tea"]')], SINGLE).problems
    assert problems == ("Property row 1, age: “list” is no kind. Choose text, number or yes/no.",)


lists = st.lists(values | st.text(), min_size=1, max_size=4).map(tuple)


@given(st.dictionaries(texts, values | texts | lists, max_size=6))
def test_what_is_written_is_read_again(properties: dict[str, object]) -> None:
    known = read(table(properties).to_dict("records"))  # type: ignore[arg-type]
    assert known.problems == ()
    assert known.values == properties
    assert [type(value) for value in known.values.values()] == [type(value) for value in properties.values()]


@pytest.mark.parametrize(("name", "shown"), [("Maya", "M"), ("maya lin ko", "ML"), ("<b> x", "X"), ("¿?", "?")])
def test_initials_stand_in_for_a_face(name: str, shown: str) -> None:
    assert face(Persona(name)) == shown
