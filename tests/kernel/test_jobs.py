"""Jobs: what is promised in a transaction is done, once at a time, whatever dies on the way."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import create_engine, select

from cityinfo.kernel import jobs
from cityinfo.kernel.db import Base, Database
from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.ids import Identities
from cityinfo.kernel.jobs import Job, JobStopped, cancel, enqueue, run_job, sweep

CITY, OTHER_CITY = 1, 2
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    url = f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    plain = create_engine(url)
    Base.metadata.create_all(plain, tables=[Base.metadata.tables[name] for name in ("clock", "job")])
    plain.dispose()
    database = Database(url, identities=Identities(tmp_path / "slots"))
    yield database
    database.dispose()


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def woken(database):
    calls = []
    database.wake = lambda tenant_id, job_id: calls.append((tenant_id, job_id))
    return calls


def promise(database, name="greet", *, tenant=CITY, **options):
    with database.unit_of_work(tenant, write=True) as db:
        return enqueue(db, name, **options)


def row(database, job_id, *, tenant=CITY):
    with database.unit_of_work(tenant) as db:
        job = db.scalars(select(Job).where(Job.id == job_id)).one()
        db.expunge(job)  # what stays in the session is forgotten when the unit of work ends
        return job


def nothing(run):
    """A job with nothing to do."""


def fails(run):
    raise Invalid("greeting.empty", "Erika Mustermann has no greeting.")


class WorkerKilled(BaseException):
    """Stands for a worker that dies: nothing after it runs."""


def dies(run):
    raise WorkerKilled


def let_die(database, job_id):
    with pytest.raises(WorkerKilled):
        run_job(database, {"greet": dies}, CITY, job_id)


# Promising


def test_a_worker_is_woken_once_the_save_is_kept(database, woken):
    with database.unit_of_work(CITY, write=True) as db:
        job = enqueue(db, "greet")
        assert woken == []
    assert woken == [(CITY, job)]


def test_a_job_whose_unit_of_work_rolled_back_was_never_promised(database, woken):
    def save():
        with database.unit_of_work(CITY, write=True) as db:
            enqueue(db, "greet")
            raise Invalid("save.refused", "No.")

    with pytest.raises(Invalid):
        save()
    assert woken == []
    assert sweep(database) == []


def test_a_failing_wake_up_does_not_fail_the_save(database, caplog):
    def wake(tenant_id, job_id):
        raise OSError("no queue")

    database.wake = wake
    job = promise(database)
    assert sweep(database) == [(CITY, job)]
    assert "No worker was woken" in caplog.text


def test_a_job_for_later_waits_for_its_moment(database, woken, time):
    job = promise(database, run_after=START + timedelta(hours=1))
    assert woken == []
    assert sweep(database) == []
    time.shift(timedelta(hours=1))
    assert sweep(database) == [(CITY, job)]


def test_a_job_takes_ids_and_no_content(database):
    with pytest.raises(TypeError, match="text"):
        promise(database, text={"title": "Willkommen"})


# Running


def test_a_job_runs_once_and_is_finished(database):
    seen = []
    job = promise(database, page_id=7, language="de")

    def greet(run, *, page_id, language):
        seen.append((run.tenant_id, page_id, language))

    for _ in range(2):
        run_job(database, {"greet": greet}, CITY, job)
    assert seen == [(CITY, 7, "de")]
    assert row(database, job).finished_at is not None
    assert row(database, job).progress == 100
    assert sweep(database) == []


def test_a_job_runs_for_its_own_city_only(database):
    job = promise(database)
    run_job(database, {"greet": nothing}, OTHER_CITY, job)
    assert row(database, job).attempts == 0


def test_a_job_does_not_run_before_its_moment(database, time):
    job = promise(database, run_after=START + timedelta(hours=1))
    run_job(database, {"greet": nothing}, CITY, job)
    assert row(database, job).attempts == 0


def test_progress_is_shown_and_keeps_the_job(database, time):
    job = promise(database)

    def greet(run):
        for percent in (30, 60):
            time.shift(timedelta(seconds=50))
            run.progress(percent, f"{percent} of 100 greetings")
        assert row(database, job).progress == 60
        assert row(database, job).progress_text == "60 of 100 greetings"
        assert sweep(database) == []

    run_job(database, {"greet": greet}, CITY, job)
    assert row(database, job).failure is None


def test_a_long_step_can_keep_the_job_for_longer(database, time):
    job = promise(database)

    def greet(run):
        run.progress(10, lease=timedelta(minutes=10))
        time.shift(timedelta(minutes=9))
        assert sweep(database) == []

    run_job(database, {"greet": greet}, CITY, job)
    assert row(database, job).failure is None


def test_progress_inside_a_writing_unit_of_work_is_refused_instead_of_waiting_for_ever(database):
    job = promise(database)

    def greet(run):
        with run.unit_of_work(write=True):
            run.progress(50)

    run_job(database, {"greet": greet}, CITY, job)
    assert row(database, job).failure == "RuntimeError"


def test_result_and_end_are_kept_together(database):
    job = promise(database)

    def greet(run):
        with run.unit_of_work(write=True) as db:
            enqueue(db, "result")
            run.finish(db)

    run_job(database, {"greet": greet}, CITY, job)
    assert row(database, job).finished_at is not None
    assert len(sweep(database)) == 1


def test_a_result_that_is_undone_leaves_the_job_open(database):
    job = promise(database)

    def greet(run):
        with run.unit_of_work(write=True) as db:
            enqueue(db, "result")
            run.finish(db)
            raise Invalid("result.refused", "No.")

    run_job(database, {"greet": greet}, CITY, job)
    assert row(database, job).finished_at is None
    assert row(database, job).failure == "Invalid result.refused"


# Two workers


def test_two_workers_never_run_one_job_at_once(database):
    job, runs = promise(database), []
    begun, may_end = threading.Event(), threading.Event()

    def greet(run):
        runs.append(run.token)
        begun.set()
        may_end.wait(10)

    first = threading.Thread(target=run_job, args=(database, {"greet": greet}, CITY, job))
    first.start()
    begun.wait(10)
    run_job(database, {"greet": greet}, CITY, job)
    assert sweep(database) == []
    may_end.set()
    first.join()
    assert len(runs) == 1


def test_of_many_workers_that_are_woken_together_one_runs_the_job(database):
    job, runs = promise(database), []
    together = threading.Barrier(6)

    def work():
        together.wait(10)
        run_job(database, {"greet": lambda run: runs.append(run.token)}, CITY, job)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(runs) == 1


def test_a_job_is_not_forgotten_when_its_worker_dies(database, time):
    job = promise(database)
    let_die(database, job)
    assert sweep(database) == []
    time.shift(jobs.LEASE)
    assert sweep(database) == [(CITY, job)]
    run_job(database, {"greet": nothing}, CITY, job)
    assert row(database, job).finished_at is not None
    assert row(database, job).attempts == 2


def test_a_job_that_kills_its_worker_every_time_is_given_up(database, time):
    job = promise(database)
    for _ in range(jobs.MOST_ATTEMPTS):
        let_die(database, job)
        time.shift(jobs.LEASE)
    run_job(database, {"greet": nothing}, CITY, job)
    assert row(database, job).finished_at is None
    assert row(database, job).failure == jobs.WORKER_DIED
    assert sweep(database) == []


def test_a_worker_that_lost_its_lease_stops_at_its_next_progress(database, time):
    job, after = promise(database), []

    def greet(run):
        time.shift(jobs.LEASE)
        run_job(database, {"greet": nothing}, CITY, job)
        run.progress(50)
        after.append("went on")

    run_job(database, {"greet": greet}, CITY, job)
    assert after == []
    assert row(database, job).attempts == 2
    assert row(database, job).failure is None


def test_a_worker_that_lost_its_lease_cannot_keep_its_result(database, time):
    job = promise(database)

    def greet(run):
        time.shift(jobs.LEASE)
        run_job(database, {"greet": nothing}, CITY, job)
        with run.unit_of_work(write=True) as db:
            enqueue(db, "result")
            run.finish(db)

    run_job(database, {"greet": greet}, CITY, job)
    assert sweep(database) == []


def test_a_cancelled_job_stops_at_its_next_progress(database):
    job = promise(database)

    def greet(run):
        with run.unit_of_work(write=True, numbered=False) as db:
            cancel(db, job)
        with pytest.raises(JobStopped):
            run.progress(50)
        raise JobStopped

    run_job(database, {"greet": greet}, CITY, job)
    assert row(database, job).failure == jobs.CANCELLED
    assert row(database, job).progress == 0
    assert sweep(database) == []


def test_cancelling_changes_nothing_about_a_job_that_has_ended(database):
    job = promise(database)
    run_job(database, {"greet": nothing}, CITY, job)
    with database.unit_of_work(CITY, write=True, numbered=False) as db:
        cancel(db, job)
    assert row(database, job).failure is None


# Failing


def test_a_failing_job_is_tried_again_later(database, time):
    job = promise(database)
    run_job(database, {"greet": fails}, CITY, job)
    assert row(database, job).run_after == START + timedelta(seconds=20)
    assert sweep(database) == []
    time.shift(timedelta(seconds=20))
    assert sweep(database) == [(CITY, job)]
    run_job(database, {"greet": nothing}, CITY, job)
    assert row(database, job).finished_at is not None
    assert row(database, job).failure is None


def test_the_pauses_between_attempts_grow_to_one_hour():
    seconds = [jobs.pause_after(attempts).total_seconds() for attempts in range(1, 10)]
    assert seconds == [20, 40, 80, 160, 320, 640, 1280, 2560, 3600]


def test_a_failing_job_is_given_up_after_eight_attempts(database, time):
    job = promise(database)
    for _ in range(8):
        assert sweep(database) == [(CITY, job)]
        run_job(database, {"greet": fails}, CITY, job)
        time.shift(jobs.LONGEST_PAUSE)
    failed = row(database, job)
    assert (failed.attempts, failed.finished_at, failed.run_after) == (8, None, None)
    assert sweep(database) == []


def test_a_failure_is_kept_without_words_about_a_person(database):
    job = promise(database)
    run_job(database, {"greet": fails}, CITY, job)
    assert row(database, job).failure == "Invalid greeting.empty"


def test_a_job_that_this_release_does_not_know_waits_for_one_that_does(database, time):
    job = promise(database, "from_next_release")
    run_job(database, {}, CITY, job)
    assert row(database, job).failure == "NotFound job.unknown"
    assert row(database, job).run_after > START


def test_a_database_that_does_not_answer_costs_no_attempt(database, time, monkeypatch):
    job = promise(database)

    def down(*args, **options):
        raise Unavailable("database.down", "The database does not answer.")

    with monkeypatch.context() as outage:
        outage.setattr(database, "unit_of_work", down)
        with pytest.raises(Unavailable):
            run_job(database, {"greet": nothing}, CITY, job)
    assert row(database, job).attempts == 0
    assert sweep(database) == [(CITY, job)]


# Sweeping


def test_the_sweep_sees_every_city_and_begins_with_the_longest_waiting(database, time):
    second = promise(database, tenant=OTHER_CITY)
    first = promise(database, run_after=START - timedelta(minutes=1))
    assert sweep(database) == [(CITY, first), (OTHER_CITY, second)]


def test_the_sweep_takes_a_bounded_number(database, monkeypatch):
    monkeypatch.setattr(jobs, "SWEEP_LIMIT", 3)
    for _ in range(5):
        promise(database)
    assert len(sweep(database)) == 3


def test_the_sweep_finds_open_jobs_by_their_index(database):
    with database.engine.connect().execution_options(crosses="reads a plan", whose=CITY) as connection:
        statement = jobs._due_jobs(START).compile(database.engine, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
    assert any("ix_job_open" in str(step) for step in plan)
