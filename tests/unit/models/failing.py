"""How work ends that may fail."""

from collections.abc import Callable

from tastebench.models.ollama_faults import Failed


def failure(work: Callable[[], object]) -> Failed | None:
    """Return how the work failed; None where it didn't."""
    try:
        work()
    except Failed as failed:
        return failed
    return None
