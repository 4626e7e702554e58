"""The personalization-agent face, for programs written against the withdrawn agent API: see docs/agent.md."""

from tastebench.agent.filters import Filter
from tastebench.agent.personalization import PersonalizationAgent
from tastebench.agent.properties import DataType
from tastebench.agent.query import PersonalizedQuery
from tastebench.agent.values import (
    Persona,
    PersonaInteraction,
    PersonaInteractionResponse,
    PersonalizationAgentGetObjectsResponse,
    PersonalizedObject,
    PersonalizedQueryResponse,
    Usage,
    generate_uuid5,
)

__all__ = [
    "DataType",
    "Filter",
    "Persona",
    "PersonaInteraction",
    "PersonaInteractionResponse",
    "PersonalizationAgent",
    "PersonalizationAgentGetObjectsResponse",
    "PersonalizedObject",
    "PersonalizedQuery",
    "PersonalizedQueryResponse",
    "Usage",
    "generate_uuid5",
]
