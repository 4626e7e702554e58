"""The page that maps the withdrawn agent's calls: complete and true to the code."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from pydantic import BaseModel

import tastebench.agent as face
from tastebench import Workbench
from tastebench.agent import DataType, Filter, PersonalizationAgent, PersonalizedQuery, Usage, filters, query
from tests.unit.test_architecture import PROJECT

PAGE = (PROJECT / "docs" / "agent.md").read_text(encoding="utf-8")

THEIRS: Mapping[str, Mapping[str, object]] = {
    "PersonalizationAgent": {"client": ..., "reference_collection": ..., "agents_host": None, "vector_name": None,
                             "timeout": None},
    "create": {"client": ..., "reference_collection": ..., "user_properties": None, "agents_host": None,
               "vector_name": None, "timeout": None},
    "connect": {"client": ..., "reference_collection": ..., "agents_host": None, "vector_name": None, "timeout": None},
    "exists": {"client": ..., "reference_collection": ..., "agents_host": None, "timeout": None},
    "add_persona": {"persona": ...},
    "update_persona": {"persona": ...},
    "get_persona": {"persona_id": ...},
    "has_persona": {"persona_id": ...},
    "delete_persona": {"persona_id": ...},
    "add_interactions": {"interactions": ..., "create_persona_if_not_exists": True,
                         "remove_previous_interactions": False},
    "get_interactions": {"persona_id": ..., "interaction_type": ...},
    "get_objects": {"persona_id": ..., "limit": 10, "recent_interactions_count": 100,
                    "exclude_interacted_items": True, "decay_rate": 0.1, "exclude_items": [],
                    "use_agent_ranking": True, "explain_results": True, "instruction": None, "filters": None},
    "query": {"persona_id": ..., "strength": 0.5, "overfetch_factor": 1.5, "recent_interactions_count": 100,
              "decay_rate": 0.1},
    "near_text": {"query": ..., "certainty": None, "distance": None, "move_to": None, "move_away": None, "limit": None,
                  "offset": None, "auto_limit": None, "filters": None, "rerank": None, "target_vector": None,
                  "include_vector": False, "return_metadata": None, "return_properties": None,
                  "return_references": None},
    "bm25": {"query": ..., "query_properties": None, "limit": None, "offset": None, "auto_limit": None,
             "filters": None, "rerank": None, "include_vector": False, "return_metadata": None,
             "return_properties": None, "return_references": None},
    "hybrid": {"query": ..., "alpha": 0.7, "vector": None, "query_properties": None, "fusion_type": None,
               "max_vector_distance": None, "limit": None, "offset": None, "auto_limit": None, "filters": None,
               "rerank": None, "target_vector": None, "include_vector": False, "return_metadata": None,
               "return_properties": None, "return_references": None},
    "Persona": {"persona_id": ..., "properties": ...},
    "PersonaInteraction": {"persona_id": ..., "item_id": ..., "weight": ..., "replace_previous_interactions": False,
                           "created_at": None},
    "PersonaInteractionResponse": {"item_id": ..., "weight": ..., "created_at": ...},
    "PersonalizationAgentGetObjectsResponse": {"objects": ..., "ranking_rationale": None, "usage": ...},
    "PersonalizedQueryResponse": {"objects": ..., "usage": ...},
    "PersonalizedObject": {"uuid": ..., "original_rank": ..., "personalized_rank": ..., "properties": ...},
    "Usage": {"requests": 0, "request_tokens": None, "response_tokens": None, "total_tokens": None, "details": None},
}  # fmt: skip
"""Calls and values of the withdrawn agent with their defaults, as it was last published."""

OTHERWISE = {
    ("get_interactions", "interaction_type"), ("get_objects", "exclude_items"), ("Persona", "properties"),
    ("PersonalizationAgentGetObjectsResponse", "usage"), ("PersonalizedQueryResponse", "usage"),
}  # fmt: skip
"""Where ours has a default that theirs had not, or none that can be changed by mistake; the page says so."""


def _methods(owner: type) -> Iterator[tuple[str, object]]:
    for name, member in inspect.getmembers(owner, callable):
        if not name.startswith("_"):
            yield name, member


def _surface() -> dict[str, object]:
    """Return every public call and value by its name."""
    found: dict[str, object] = {name: getattr(face, name) for name in face.__all__}
    found |= dict(_methods(PersonalizationAgent))
    found |= dict(_methods(PersonalizedQuery))
    for name in ("DataType", "Filter", "PersonalizedQuery"):
        del found[name]
    return found


def _parameters(member: object) -> dict[str, object]:
    """Return parameters, or a model's fields, with their defaults; an ellipsis where there is none."""
    if isinstance(member, type) and issubclass(member, BaseModel):
        return {
            name: ... if field.is_required() else field.get_default(call_default_factory=True)  # type: ignore[call-arg]
            for name, field in member.model_fields.items()
        }
    assert isinstance(member, Callable)  # type: ignore[arg-type]
    signature = inspect.signature(member)  # type: ignore[arg-type]
    return {
        name: ... if one.default is one.empty else one.default
        for name, one in signature.parameters.items()
        if name != "self"
    }


SURFACE = _surface()


def section(name: str) -> str:
    found = re.search(rf"^### `?{name}`?$(.*?)(?=^##|\Z)", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert found, f"docs/agent.md has no section on {name}"
    return found.group(1)


def rows(name: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the names in the first cell of each row of a section's table, and the other cells."""
    for line in section(name).splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[0].startswith("`"):
            yield re.findall(r"`([^`]+)`", cells[0]), cells[1:]


@pytest.mark.parametrize("name", SURFACE)
def test_every_call_has_a_section_with_exactly_its_parameters_and_defaults(name: str) -> None:
    expected = _parameters(SURFACE[name])
    written = {one: cells[0] for names, cells in rows(name) for one in names}
    assert {*written} == {*expected}
    for one, default in expected.items():
        if written[one]:
            shown = eval(written[one].strip("`"), {"Usage": Usage})
            assert shown == default or (one == "others" and default is ...), f"{name}({one}={default!r})"
        else:
            assert default is ..., f"{name}({one}) has the default {default!r}, which the page doesn't say"


@pytest.mark.parametrize(("name", "one"), [(name, one) for name, params in THEIRS.items() for one in params])
def test_every_parameter_of_theirs_is_taken_or_refused_and_on_the_page(name: str, one: str) -> None:
    ours = _parameters(SURFACE[name])
    if one in ours:
        assert ours[one] == THEIRS[name][one] or (name, one) in OTHERWISE
        assert f"`{one}`" in section(name)
    else:
        assert "others" in ours
        assert one in query.REFUSED
        assert THEIRS[name][one] in (None, False)


@pytest.mark.parametrize("name", sorted(query.REFUSED))
def test_what_queries_refuse_stands_there_with_its_reason(name: str) -> None:
    reasons = {one: cells[0] for names, cells in rows("What queries do not take") for one in names}
    assert {*reasons} == {*query.REFUSED}
    assert reasons[name] == query.REFUSED[name]


def test_filters_stand_there_with_what_they_refuse_and_why() -> None:
    said = {one: cells[0] for names, cells in rows("Filter") for one in names}
    refused = {one: reason.removeprefix("refused: ") for one, reason in said.items() if reason.startswith("refused: ")}
    assert refused == {**filters.REFUSED, r"\|": filters.REFUSED["any_of"]}
    assert {*said} - {*refused} == {name for name, _ in _methods(Filter) if name != "mro"}
    for owner, name in ((Filter.by_property("x"), "by_property"), (Filter.by_id(), "by_id")):
        known = {one for one in vars(type(owner)) if not one.startswith("_")}
        assert {*re.findall(r"`(\w+)`", said[name])} == known


def test_types_stand_there() -> None:
    assert {one for names, _ in rows("DataType") for one in names} == {kind.name for kind in DataType}


def test_the_example_runs(
    client: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    monkeypatch.setattr(Workbench, "open", lambda folder: client)
    for run in ("created", "connected to"):
        names: dict[str, object] = {}
        exec(compile(code, run, "exec"), names)
        assert len(names["found"].objects) == 10  # type: ignore[attr-defined]
        assert "Storms and the sea." in capsys.readouterr().out
