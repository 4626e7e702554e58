"""A trial of the language model: one small question whose right answer anybody would know."""

from collections.abc import Callable
from dataclasses import dataclass

from tastebench.domain.chat import ChatProgress, IsCancelled
from tastebench.domain.persona import Persona
from tastebench.ranking.prompting import Brief, Candidate, judging
from tastebench.services.judged import Judged, Question
from tastebench.services.judging import put
from tastebench.services.language_model import LanguageModel

PERSONA = Persona("Noor", "Loves slow, quiet films about the sea and solitude. Walks out of anything loud.")
CANDIDATES = (
    Candidate("wheels", "Wheels on Fire", "Forty cars, one bridge and no brakes: explosions from start to end."),
    Candidate("keeper", "The Keeper", "A lighthouse keeper spends a silent winter alone with the sea."),
    Candidate("laughs", "Last Laughs", "A loud stand-up comedian insults his audience for ninety minutes."),
)
"""Three invented films. One of them is meant for that persona."""
FITTING = "keeper"


@dataclass(frozen=True)
class Trial:
    """What came of a trial."""

    judged: Judged

    @property
    def grades(self) -> dict[str, float]:
        """Grades in 0 to 10 by item id; empty where no answer could be used."""
        return dict(self.judged.judgement.grades) if self.judged.judgement else {}

    @property
    def recognised(self) -> bool:
        """Whether the film that fits got a better grade than every other."""
        grades = dict(self.grades)
        best = grades.pop(FITTING, -1.0)
        return bool(grades) and best > max(grades.values())

    @property
    def seconds(self) -> float:
        """How long it took, loading included."""
        return sum(exchange.answer.usage.total_ms for exchange in self.judged.exchanges) / 1000


def tried(
    language_model: LanguageModel,
    on_progress: Callable[[ChatProgress], None] | None = None,
    cancelled: IsCancelled | None = None,
) -> Trial:
    """Return what the model makes of three invented films; it is asked anew each time."""
    model = language_model.model()
    brief = Brief(PERSONA, candidates=CANDIDATES)
    question = Question(brief, judging(brief, context=model.context if model else None))
    return Trial(put(language_model, question, on_progress=on_progress, cancelled=cancelled, insist=True))
