"""The language model's part of a view in the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from tastebench.domain.profile import RerankSettings
from tastebench.domain.text import clean
from tastebench.ranking.proposing import QUERIES, QUERY_LIMIT
from tastebench.ranking.shape import Explain

NAMES = ("instruction", "rerank", "influence", "explain", "thorough", "proposed")

INSTRUCTION_LIMIT = 300
MOST_INFLUENCE = 0.5
THOROUGH_SHUFFLES = 3


@dataclass(frozen=True)
class ModelView:
    """What a list is asked for, and what the language model is to do about it. None: as the profile says.

    Parameters
    ----------
    instruction : str
        Free text: a search, and what the model goes by.
    rerank : bool
        Whether the model is asked to grade the head of the list.
    influence : float, optional
        In [0, .5].
    explain : {"none", "short", "full"}, optional
        Length of its comments.
    thorough : bool, optional
        Whether it is asked several times, in different orders.
    proposed : tuple of str
        Searches it proposed that are switched on.
    """

    instruction: str = ""
    rerank: bool = False
    influence: float | None = None
    explain: Explain | None = None
    thorough: bool | None = None
    proposed: tuple[str, ...] = ()

    def settings(self, profile: RerankSettings) -> RerankSettings:
        """Return the profile's settings with what this view says otherwise."""
        shuffles = {None: profile.shuffles, True: max(THOROUGH_SHUFFLES, profile.shuffles), False: 1}[self.thorough]
        chosen = {"influence": self.influence, "explain": self.explain, "shuffles": shuffles}
        return profile.model_copy(update={name: value for name, value in chosen.items() if value is not None})


def parameters(view: ModelView) -> dict[str, list[str]]:
    """Return the URL parameters; those of what is as usual are empty."""
    return {
        "instruction": [view.instruction],
        "rerank": _flag(view.rerank or None),
        "influence": [] if view.influence is None else [f"{view.influence:.15g}"],
        "explain": [view.explain or ""],
        "thorough": _flag(view.thorough),
        "proposed": list(view.proposed),
    }


def read(given: Mapping[str, Sequence[str]], trouble: list[str]) -> ModelView:
    """Return what URL parameters ask for; a sentence for each part that cannot be had is added to `trouble`."""
    return ModelView(
        instruction=_instruction(_last(given, "instruction"), trouble),
        rerank=_switch("rerank", _last(given, "rerank"), trouble) or False,
        influence=_influence(_last(given, "influence"), trouble),
        explain=_explain(_last(given, "explain"), trouble),
        thorough=_switch("thorough", _last(given, "thorough"), trouble),
        proposed=_proposed(given.get("proposed", ()), trouble),
    )


def _last(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name, ())
    return values[-1].strip() if values else ""


def _flag(value: bool | None) -> list[str]:
    return [] if value is None else [str(int(value))]


def _switch(name: str, text: str, trouble: list[str]) -> bool | None:
    if text not in {"", "0", "1"}:
        trouble.append(f"The link says {name}={text}; 1 switches it on, 0 off. It is left as it is.")
    return {"1": True, "0": False}.get(text)


def _instruction(text: str, trouble: list[str]) -> str:
    cleaned = clean(text)
    if len(cleaned) > INSTRUCTION_LIMIT:
        trouble.append(f"The link asks for more than {INSTRUCTION_LIMIT} characters; the rest is left out.")
    return cleaned[:INSTRUCTION_LIMIT].strip()


def _influence(text: str, trouble: list[str]) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0 <= value <= MOST_INFLUENCE:
        return value
    trouble.append(f"The link gives the language model an influence of {text}; 0 to {MOST_INFLUENCE} are allowed.")
    return None


def _explain(text: str, trouble: list[str]) -> Explain | None:
    if text in get_args(Explain):
        return cast("Explain", text)
    if text:
        trouble.append(f"The link asks for comments of the length {text}; there are {', '.join(get_args(Explain))}.")
    return None


def _proposed(values: Sequence[str], trouble: list[str]) -> tuple[str, ...]:
    cleaned = list(dict.fromkeys(filter(None, map(clean, values))))
    usable = [query for query in cleaned if len(query) <= QUERY_LIMIT]
    if len(usable) < len(cleaned) or len(usable) > QUERIES:
        trouble.append(f"The link has more or longer proposed searches than can be; {QUERIES} are run at most.")
    return tuple(usable[:QUERIES])
