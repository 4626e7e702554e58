"""What goes into the agent and comes out of it, named and shaped as in Weaviate's Personalization Agent."""

import uuid as uuids
from datetime import datetime
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, Field, field_validator

from tastebench.domain.errors import InvalidInput
from tastebench.domain.text import ID_LIMIT, checked


def identity(value: object) -> uuids.UUID | str:
    """Return an id as programs hold it: a UUID where it is written like one, any other text as it is.

    Raises
    ------
    InvalidInput
        Where it is neither a UUID nor a text, or empty.

    Examples
    --------
    >>> identity("tt0078748"), identity("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    ('tt0078748', UUID('6ba7b810-9dad-11d1-80b4-00c04fd430c8'))
    """
    if isinstance(value, uuids.UUID):
        return value
    if not isinstance(value, str):
        raise InvalidInput(f"{value!r} is no id.", "Give a UUID or a text.")
    text = checked(value, "the id", ID_LIMIT, required=True)
    try:
        found = uuids.UUID(text)
    except ValueError:
        return text
    return found if str(found) == text else text


def generate_uuid5(identifier: object, namespace: object = "") -> str:
    """Return the UUID that Weaviate's function of this name gives the same identifier.

    Examples
    --------
    >>> generate_uuid5("python.org") == str(uuids.uuid5(uuids.NAMESPACE_DNS, "python.org"))
    True
    """
    return str(uuids.uuid5(uuids.NAMESPACE_DNS, f"{namespace}{identifier}"))


def text_of(value: object) -> str:
    """Return an id as a workspace holds it. Raises `InvalidInput` as `identity` does."""
    return str(identity(value))


Id: TypeAlias = uuids.UUID | str
Identity: TypeAlias = Annotated[uuids.UUID | str, BeforeValidator(identity)]


class Persona(BaseModel):
    """A person to personalise for.

    Parameters
    ----------
    persona_id : UUID or str
    properties : dict
        As the agent was created with; one that is missing or None is not stated.
    """

    persona_id: Identity
    properties: dict[str, Any] = Field(default_factory=dict)


class PersonaInteraction(BaseModel):
    """Something a persona did with an item.

    Parameters
    ----------
    persona_id, item_id : UUID or str
    weight : float
        From -1, hated, to 1, loved.
    replace_previous_interactions : bool
        Whether it takes the place of what this persona did with this item before.
    created_at : datetime, optional
        Naive times are UTC. Those of one call that have none happened now, in the order given.
    """

    persona_id: Identity
    item_id: Identity
    weight: float
    replace_previous_interactions: bool = False
    created_at: datetime | None = None

    @field_validator("weight")
    @classmethod
    def _check_weight(cls, weight: float) -> float:
        if not -1 <= weight <= 1:  # NaN is not either
            raise InvalidInput(f"The weight {weight:g} cannot be used.", "Give one from -1 (hated) to 1 (loved).")
        return weight


class PersonaInteractionResponse(BaseModel):
    """One interaction as it stands in the log.

    Parameters
    ----------
    item_id : UUID or str
    weight : float
        In [-1, 1]; of an interaction that was recorded without one, its action's share of the largest.
    created_at : str
        In ISO 8601, UTC.
    key : int
        For `PersonalizationAgent.delete_interaction`.
    action : str
        What the log calls it.
    """

    item_id: Identity
    weight: float
    created_at: str
    key: int
    action: str


class Usage(BaseModel):
    """What the language model was asked for: calls and tokens; None where it didn't count them."""

    requests: int = 0
    request_tokens: int | None = None
    response_tokens: int | None = None
    total_tokens: int | None = None
    details: dict[str, int] | None = None


class PersonalizedObject(BaseModel):
    """One item of an answer.

    Parameters
    ----------
    uuid : UUID or str
        The item's id.
    original_rank : int
        Its place before the last step (the language model's, or personalising a query), from 0.
    personalized_rank : int, optional
        Its place after it, from 0; None where that step was not asked for, or came to nothing.
    properties : dict
        Attributes, then each facet's tags, then title, description and creator.
    reason : str
        Why it is here, in one line.
    comment : str
        The language model's comment; empty where there is none. Nobody has checked it.
    score : float
    contributions : dict
        The lines that sum to the score.
    """

    uuid: Identity
    original_rank: int
    personalized_rank: int | None
    properties: dict[str, Any]
    reason: str
    comment: str
    score: float
    contributions: dict[str, float]


class PersonalizationAgentGetObjectsResponse(BaseModel):
    """The answer of `get_objects`.

    Parameters
    ----------
    objects : list of PersonalizedObject
        Best first.
    ranking_rationale : str, optional
        The language model's summary of the list, or why it was ranked without it. None where it was not asked.
    usage : Usage
    notes : tuple of str
        Sentences about the list: fallbacks, few results.
    """

    objects: list[PersonalizedObject]
    ranking_rationale: str | None = None
    usage: Usage = Field(default_factory=Usage)
    notes: tuple[str, ...] = ()


class PersonalizedQueryResponse(PersonalizationAgentGetObjectsResponse):
    """The answer of a personalised query."""
