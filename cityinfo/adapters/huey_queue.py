"""Waking workers up through huey: SQLite beside the data, or Redis. What is to be done stands in the outbox."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

from cityinfo.kernel.errors import Unavailable
from cityinfo.settings import Settings

logger = logging.getLogger(__name__)

Handler = Callable[[int, int], None]  # (tenant_id, job_id)
Periodic = tuple[float, Callable[[], object]]  # (seconds, what to do)

NAME = "cityinfo"
WORKERS = 2
LONGEST_NAP = 0.5  # seconds between looks at an empty SQLite queue; Redis tells by itself
HEALTH_CHECK = 10.0  # seconds
SAVE_MAY_WAIT = 2.0  # seconds: the save is kept already, but a person waits for the answer


class Queue:
    """Carries (tenant, job) from whoever promised a job to a process that consumes. May lose and repeat messages."""

    def __init__(self, huey: Huey) -> None:
        self._huey = huey
        self._handler: Handler | None = None
        self._message = huey.task(name="wake")(self._receive)

    def __len__(self) -> int:
        """Messages that no worker has taken yet."""
        return int(self._huey.pending_count())

    def wake(self, tenant_id: int, job_id: int) -> None:
        """Tell a worker that there is something to do. Raises what the storage raises."""
        self._message(tenant_id, job_id)

    def consume(
        self, handler: Handler, periodic: Sequence[Periodic], stop: threading.Event, *, grace: float = 10.0
    ) -> None:
        """Hand messages to `handler` in two threads and do periodic work, until `stop` is set.

        Periodic work begins at once. What is running in the end has `grace` seconds; an exception raised in this
        thread, as by a signal, ends it in the same way.
        """
        self._handler = handler
        consumer = _Consumer(self._huey, workers=WORKERS, periodic=False, max_delay=LONGEST_NAP, shutdown_timeout=grace)
        rounds: list[threading.Thread] = []
        try:
            consumer.start()
            rounds += [_start_rounds(seconds, work, stop) for seconds, work in periodic]
            while not stop.wait(HEALTH_CHECK):
                consumer.check_worker_health()
        finally:
            until = time.monotonic() + grace
            stop.set()
            consumer.stop(graceful=True)
            for thread in rounds:
                thread.join(max(until - time.monotonic(), 0))

    def _receive(self, tenant_id: int, job_id: int) -> None:
        if self._handler is not None:
            _attempt(partial(self._handler, tenant_id, job_id))


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    """huey's consumer without its signal handlers: whoever consumes decides when to stop."""

    def _set_signal_handlers(self) -> None:
        pass


def make_queue(settings: Settings) -> Queue:
    """The queue that the settings choose. Processes that share it must share the signing key."""
    serializer = SignedSerializer(secret=settings.signing_key, salt=NAME)
    if settings.redis_url:
        return Queue(RedisHuey(NAME, results=False, serializer=serializer, connection_pool=_pool(settings.redis_url)))
    return Queue(_sqlite_huey(settings.data_dir, serializer))


def _sqlite_huey(folder: Path, serializer: SignedSerializer) -> Huey:
    folder.mkdir(parents=True, exist_ok=True)
    # A message that is lost in a power cut is sent again by the sweep: it need not wait for the disk.
    return SqliteHuey(
        NAME,
        results=False,
        serializer=serializer,
        filename=str(folder / "queue.sqlite3"),
        fsync=False,
        timeout=SAVE_MAY_WAIT,
    )


def _pool(url: str) -> ConnectionPool:
    # The library would try three times with pauses; the sweep does that better than a save that waits.
    return ConnectionPool.from_url(
        url,
        socket_connect_timeout=SAVE_MAY_WAIT,
        socket_timeout=SAVE_MAY_WAIT,  # longer than the second for which huey waits for a message
        retry=Retry(NoBackoff(), 0),
    )


def _start_rounds(seconds: float, work: Callable[[], object], stop: threading.Event) -> threading.Thread:
    def rounds() -> None:
        _attempt(work)
        while not stop.wait(seconds):
            _attempt(work)

    thread = threading.Thread(target=rounds, daemon=True)
    thread.start()
    return thread


def _attempt(work: Callable[[], object]) -> None:
    """Do it; whatever goes wrong is logged, and the next message or round tries again."""
    try:
        work()
    except Unavailable as trouble:
        logger.warning("Tried again later: %s", trouble.message)
    except Exception:
        logger.exception("Work in the background failed.")
