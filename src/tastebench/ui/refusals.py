"""Why a value was refused, as a sentence."""

from pydantic import ValidationError

from tastebench.domain.errors import TastebenchError


def refusal(problem: ValidationError) -> str:
    """Return the first thing a value was refused for, as one sentence with its next step.

    Examples
    --------
    >>> from tastebench.domain.interaction import Interaction
    >>> try:
    ...     Interaction(target="", action="like")
    ... except ValidationError as problem:
    ...     refusal(problem)
    'the target is empty. Give the target a value.'
    """
    first = problem.errors()[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, TastebenchError):
        return str(cause)
    text = first["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{'.'.join(map(str, first['loc'])) or 'the value'}: {text[:1].lower()}{text[1:]}."
