"""Clocks and summaries that the benchmarks share."""

import resource
import sys
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def milliseconds(run: Callable[[], T]) -> tuple[float, T]:
    """Return how long `run` took and what it gave."""
    begun = time.perf_counter()
    result = run()
    return (time.perf_counter() - begun) * 1000, result


def percentiles(times: Iterable[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the number of measurements."""
    values = np.array([*times])
    return {"p50": float(np.median(values)), "p95": float(np.percentile(values, 95)), "runs": len(values)}


def peak_megabytes() -> float:
    """Return this process's largest resident memory so far, in MB."""
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / (1024 * 1024 if sys.platform == "darwin" else 1024)
