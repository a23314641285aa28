"""What the worker does: it looks whom a city follows, fetches what is new there, and takes what may come by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import select

from cityinfo.features import onboarding
from cityinfo.features.media import Library, Limits, ObjectStore, Words
from cityinfo.features.onboarding import Origin
from cityinfo.kernel.db import EVERY_TENANT, Database, Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.jobs import Run

from . import actions, fetching, freshness, names, queries, reading, receiving, reporting, subscribing
from .actions import FOLLOWER
from .models import Following, Received
from .reading import Reading
from .rules import Standing

_BY_ITSELF = (Standing.UNTOUCHED, Standing.MOVED)
_READ, _FILES, _RECEIVED = 10, 30, 50  # percent
_TOLD_EVERY = 5  # entries
_LONGEST_BREAK = 0.2  # seconds
_TURN = threading.Lock()
_NO_LIMIT = 1 << 60  # what another city's library has taken may be taken here


def receive(run: Run, *, source_id: int, store: ObjectStore) -> None:
    """Fetch what is new in the other city, and take what nobody changed here if the city wants that.

    Every step can be interrupted: what was received is kept with the number up to which it was read, what was taken is
    taken in one unit of work an entry.
    """
    with run.unit_of_work() as db:
        following = db.get(Following, (db.tenant_id, source_id))
        ready = following is not None and not onboarding.is_being_made(db)
        asked = receiving.asked(db, following) if following is not None and ready else None
    found = reading.read(run.database, source_id, asked) if asked is not None else None
    if asked is not None and found is not None:
        run.progress(_READ, "reading")
        _bring_files(run, source_id, found, store)
        run.progress(_FILES, "receiving")
        with _writing(run, numbered=False) as db:
            confirmed = receiving.receive(db, queries.find_following(db, source_id), found, asked)
        _take_subscribed(run, source_id, found)
        for entry_id, language in sorted(confirmed):
            with _writing(run) as db:
                freshness.catch_up(db, entry_id, language, actor=FOLLOWER)
        _take_by_itself(run, source_id)
        with run.unit_of_work() as db:
            said = reporting.told(db, queries.find_following(db, source_id))
        reporting.tell(run.database, source_id, run.tenant_id, said)
    with run.unit_of_work(write=True, numbered=False) as db:
        run.finish(db)


def followers_of(database: Database, source_id: int) -> list[int]:
    """The cities that follow one."""
    with database.unit_of_work(EVERY_TENANT, reason="looks who follows a template") as db:
        return list(db.scalars(select(Following.tenant_id).where(Following.source_id == source_id)))


def enqueue_followers(database: Database, *, only: int | None = None) -> int:
    """Promise to fetch what is new for every city that follows one which has published since; returns how many.

    `only` names one followed city, all of whose followers are told whatever they know.
    """
    with database.unit_of_work(EVERY_TENANT, reason="looks who follows whom") as db:
        columns = (Following.tenant_id, Following.source_id, Following.seq)
        rows = db.execute(select(*columns)).all()
    wanted = [(city, source, seq) for city, source, seq in rows if only in (None, source)]
    heads = reading.heads(database, {source for _, source, _ in wanted}) if only is None else {}
    due = [(city, source) for city, source, seq in wanted if only is not None or heads.get(source, 0) > seq]
    for city, source in due:
        with database.unit_of_work(city, write=True, numbered=False) as db:
            fetching.fetch_soon(db, source, at_once=only is not None)
    return len(due)


def _bring_files(run: Run, source_id: int, found: Reading, store: ObjectStore) -> None:
    """Pictures and documents first, so that texts can name them. Each is brought once."""
    with run.unit_of_work() as db:
        following = queries.find_following(db, source_id)
        source, known = following.source, names.names(db, following)
    library = Library(database=run.database, store=store, limits=Limits(file=_NO_LIMIT, tenant=_NO_LIMIT))
    wanted = _wanted(found, known)
    for there in sorted(wanted - known.here.keys()):
        file = found.files[there]
        words = {one: Words(*said) for one, said in file.words.items() if one in known.languages}
        copied = library.keep_copy(run.tenant_id, file.name, key=file.key, mime=file.mime, size=file.size)
        with copied as kept, run.unit_of_work(write=True) as db:
            here = library.add(db, kept, words=words, actor=FOLLOWER)
            db.add(Origin(entry_id=here, source=source, source_entry_id=there))
        run.progress(_READ, "copying files")


def _wanted(found: Reading, known: names.Names) -> set[int]:
    """Files that texts show which may be taken here."""
    texts = (said for said in found.texts if known.here.get(said.entry_id) not in known.detached)
    return {one for said in texts for one in onboarding.references(said.content) if one in found.files}


def _take_subscribed(run: Run, source_id: int, found: Reading) -> None:
    """What was asked for need not be asked about: it comes, names whose it is, and mirrors it where the city wants."""
    with run.unit_of_work() as db:
        asked = queries.subscribed(db, source_id)
        due = [there for there, row in asked.items() if subscribing.has_work(db, row, found)]
    for there in due:
        with suppress(Problem), _writing(run) as db:  # a gate: somebody has to look
            row = subscribing.find_subscription(db, source_id, there)
            if row.entry_id is None:
                subscribing.take(db, source_id, there)
            elif row.by_itself and there in found.kinds:
                languages = {said.language for said in found.texts if said.entry_id == there}
                subscribing.mirror(db, source_id, there, languages)
            subscribing.give_credit(db, row, found)


def _take_by_itself(run: Run, source_id: int) -> None:
    with run.unit_of_work() as db:
        if not queries.find_following(db, source_id).by_itself:
            return
        entries = list(_untouched(db, source_id))
    for number, there in enumerate(entries):
        with suppress(Problem), _writing(run) as db:  # a gate, an archived parent: it waits for somebody
            actions.accept_untouched(db, source_id, there)
        if number % _TOLD_EVERY == 0:
            run.progress(_RECEIVED + (100 - _RECEIVED) * number // len(entries), "taking")


@contextmanager
def _writing(run: Run, *, numbered: bool = True) -> Iterator[Work]:
    """A unit of work after which others come to theirs: SQLite has one writer for all cities, so it is left to them for
    as long as it was kept, by all jobs of a worker together."""
    if not run.database.is_sqlite:
        with run.unit_of_work(write=True, numbered=numbered) as db:
            yield db
        return
    with _TURN:
        started = time.monotonic()
        with run.unit_of_work(write=True, numbered=numbered) as db:
            yield db
        time.sleep(min(time.monotonic() - started, _LONGEST_BREAK))


def _untouched(db: Work, source_id: int) -> Iterator[int]:
    which = (Received.source_id == source_id, Received.state.in_([one.value for one in _BY_ITSELF]))
    yield from db.scalars(select(Received.source_entry_id).where(*which).distinct().order_by(Received.source_entry_id))
