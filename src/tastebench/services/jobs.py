"""Jobs: long work in threads of its own, with progress and cancel, that outlives the page that started it."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Literal, TypeAlias

from tastebench.domain.reports import OnProgress, Progress

_log = logging.getLogger(__name__)

JobState: TypeAlias = Literal["running", "done", "failed"]
Work: TypeAlias = Callable[[OnProgress, Callable[[], bool]], object]
"""What a job runs: it is given a progress listener and the question "has it been cancelled?"."""


class Job:
    """One piece of long work.

    Parameters
    ----------
    label : str
        What people see.
    work : Work
        Runs once, in a thread of the job's own.
    lease : float, optional
        Seconds after which a job that nobody looked at counts as cancelled; None: it needs nobody.
    owner : str
        Who started it: nobody else finds it.
    """

    def __init__(self, label: str, work: Work, lease: float | None = None, owner: str = "") -> None:
        self.owner = owner
        self.id = uuid.uuid4().hex
        self.label = label
        self.state: JobState = "running"
        self.progress: Progress | None = None
        self.result: object | None = None
        self.error: BaseException | None = None
        self.lease = lease
        self.left_alone = False
        self._work = work
        self._seen_at = time.monotonic()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"job {label}", daemon=True)

    def start(self) -> None:
        """Begin. Call it once."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop at its next safe place."""
        self._cancelled.set()

    def seen(self) -> None:
        """Say that somebody still looks at it."""
        self._seen_at = time.monotonic()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to stop, or was once left alone for longer than its lease."""
        if self.lease is not None and time.monotonic() - self._seen_at > self.lease:
            self.left_alone = True
        return self.left_alone or self._cancelled.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end and tell whether it came within `seconds`."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self.result = self._work(self._heard, lambda: self.cancelled)
            self.state = "done"
        except BaseException as error:  # noqa: BLE001 — whatever ends the thread must reach the page that waits
            _log.warning("job %r failed", self.label, exc_info=True)
            self.error = error
            self.state = "failed"
        finally:
            del self._work  # and with it what it holds: an uploaded file goes when nothing refers to it

    def _heard(self, progress: Progress) -> None:
        self.progress = progress


class Jobs:
    """The jobs of one process, as one of those who start some finds them."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._owner = ""

    def of(self, owner: str) -> "Jobs":
        """Return the same jobs as another finds them: only their own."""
        theirs = Jobs()
        theirs._jobs, theirs._owner = self._jobs, owner
        return theirs

    def start(self, label: str, work: Work, lease: float | None = None) -> Job:
        """Run `work` in the background; with a lease, only as long as somebody looks at it."""
        job = Job(label, work, lease, self._owner)
        # Whoever looks at a leased job has hold of it: once it has ended, nobody comes to ask for it here.
        ended = [one.id for one in list(self._jobs.values()) if one.lease is not None and one.state != "running"]
        for job_id in ended:
            self._jobs.pop(job_id, None)
        self._jobs[job.id] = job
        job.start()
        return job

    def find(self, job_id: str) -> Job | None:
        """Return a job, running or finished; None where it is not of this process, or somebody else's."""
        job = self._jobs.get(job_id)
        return job if job is not None and job.owner == self._owner else None

    def close(self) -> None:
        """Cancel what runs and wait for it, so that nothing writes after the database is closed."""
        for job in list(self._jobs.values()):
            job.cancel()
        for job in list(self._jobs.values()):
            job.wait(60.0)
