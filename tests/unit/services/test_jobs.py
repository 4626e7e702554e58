"""Jobs: they end when they are told to, and those with a lease when nobody looks any more."""

import gc
import threading
import time
import weakref
from collections.abc import Callable

from tastebench.domain.reports import OnProgress
from tastebench.services.jobs import Jobs


def until_cancelled(_: OnProgress, cancelled: Callable[[], bool]) -> str:
    deadline = time.monotonic() + 30
    while not cancelled() and time.monotonic() < deadline:
        time.sleep(0.005)
    return "stopped" if cancelled() else "ran out"


def test_a_leased_job_that_nobody_looks_at_stops_by_itself() -> None:
    job = Jobs().start("Asking", until_cancelled, lease=0.05)
    assert job.wait(10)
    assert (job.state, job.result) == ("done", "stopped")


def test_a_leased_job_goes_on_as_long_as_somebody_looks() -> None:
    jobs = Jobs()
    job = jobs.start("Asking", until_cancelled, lease=0.5)
    for _ in range(10):
        time.sleep(0.1)
        job.seen()
    assert not job.wait(0)
    job.cancel()
    assert job.wait(10)


def test_an_ended_job_lets_go_of_what_its_work_held() -> None:
    class Upload:
        pass

    upload = Upload()
    gone = weakref.ref(upload)
    jobs = Jobs()
    job = jobs.start("Importing", lambda _, cancelled, held=upload: cancelled())
    assert job.wait(10)
    del upload
    gc.collect()
    assert gone() is None
    assert jobs.find(job.id) is job


def test_a_job_without_a_lease_needs_nobody() -> None:
    go = threading.Event()
    job = Jobs().start("Pulling", lambda _, cancelled: go.wait(10) and cancelled())
    time.sleep(0.05)
    go.set()
    assert job.wait(10)
    assert job.result is False


def test_leased_jobs_that_have_ended_are_let_go_of_and_others_are_still_found() -> None:
    jobs = Jobs()
    leased, lasting = jobs.start("Asking", lambda *_: "a", lease=9), jobs.start("Importing", lambda *_: "b")
    assert leased.wait(10)
    assert lasting.wait(10)
    jobs.start("Asking", lambda *_: "c", lease=9).wait(10)
    assert jobs.find(leased.id) is None
    assert jobs.find(lasting.id) is lasting


def test_closing_stops_what_runs() -> None:
    jobs = Jobs()
    job = jobs.start("Asking", until_cancelled, lease=60)
    jobs.close()
    assert job.result == "stopped"
