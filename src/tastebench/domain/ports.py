"""Ports: what the house asks of the outside world. Implementations live in `stores` and `models`."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from tastebench.domain.chat import (
    ChatAnswer,
    ChatProgress,
    ChatPrompt,
    IsCancelled,
    PullProgress,
    ServerStatus,
    Verdict,
)
from tastebench.domain.columns import Float, Ints, Vectors


class Hits(NamedTuple):
    """One search's results, best first.

    Parameters
    ----------
    keys : int array (k,)
        Item keys.
    similarities : float array (k,)
        Cosine similarity in [-1, 1], descending; ties by key.
    """

    keys: Ints
    similarities: Float


class VectorIndex(Protocol):
    """Nearest neighbours by cosine among one workspace's items or personas. It can be rebuilt from SQL at any time."""

    def count(self) -> int:
        """Return how many vectors it holds."""
        ...

    def keys(self) -> Ints:
        """Return the item keys it holds, ascending."""
        ...

    def upsert(self, keys: Ints, vectors: Vectors) -> None:
        """Add or replace vectors: unit rows of shape (n, d), any n."""
        ...

    def delete(self, keys: Ints) -> None:
        """Remove vectors; unknown keys are ignored."""
        ...

    def search(self, queries: Vectors, limit: int) -> list[Hits]:
        """Return for each query row its up to `limit` nearest items.

        Raises
        ------
        IndexUnavailable
            Where the index does not answer.
        """
        ...


class Encoder(Protocol):
    """Text to unit vectors."""

    @property
    def name(self) -> str:
        """Identity of the model: equal names give equal vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a float32 array (len(texts), dimension) of unit rows; an empty text gives a zero row.

        Raises
        ------
        EncoderUnavailable
            Where the model cannot be loaded.
        """
        ...


class ChatModel(Protocol):
    """A server of language models. Nothing here raises for what the server does: states say it."""

    def status(self, *, fresh: bool = False) -> ServerStatus:
        """Return what is at the address; kept for some seconds unless `fresh`."""
        ...

    def ask(
        self,
        model: str,
        prompt: ChatPrompt,
        verdict: Verdict,
        *,
        on_progress: Callable[[ChatProgress], None] | None = None,
        cancelled: IsCancelled | None = None,
        insist: bool = False,
        wall_clock: float | None = None,
    ) -> ChatAnswer:
        """Return what the model answered, or why it didn't, within the budgets.

        Parameters
        ----------
        wall_clock : float, optional
            Seconds for the whole of it, where another limit than the settings' is meant.
        verdict : callable
            Judges the text; on INVALID_OUTPUT the question is asked once more where half the time is left.
        insist : bool
            Ask although the breaker is open.
        """
        ...

    def warm_up(self, model: str, prompt: ChatPrompt, *, cancelled: IsCancelled | None = None) -> ChatAnswer:
        """Have the server load the model with the prompt's options, within the budget for loading."""
        ...

    def pull(
        self,
        model: str,
        *,
        on_progress: Callable[[PullProgress], None] | None = None,
        cancelled: IsCancelled | None = None,
    ) -> ChatAnswer:
        """Have the server fetch a model; OK when it is there, else why not."""
        ...

    def close(self) -> None:
        """Break off whatever runs."""
        ...
