"""Reading what is published for what it means. The worker does it, some seconds after something was published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from textwrap import wrap

from sqlalchemy import Select, and_, delete, or_, select

from cityinfo.features import publishing, tenants
from cityinfo.features.publishing import Head
from cityinfo.features.tenants import Tenant
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import EVERY_TENANT, Database, TenantClock, Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.jobs import Job, Run
from cityinfo.kernel.listing import portions

from . import queries
from .embeddings import Key, packed
from .index import Listing, listing_of, titles_above
from .models import Embedding, EmbeddingHead
from .ports import Encoder

ENCODE = "search.encode"
PASSAGE, MOST_PASSAGES = 420, 32  # letters, sixty words; and passages of a document
NEW_CITIES = 4  # one turn in so many goes to a city that was never read, whatever others publish
REST = timedelta(hours=1)
_AT_ONCE = 4  # documents that are kept together
_BULK = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class _Language:
    """The passages of all documents of a language, and up to which number they are right."""

    language: str
    epoch: int
    seq: int
    passages: Mapping[Key, Sequence[str]]


def encode(run: Run, *, open_encoder: Callable[[], Encoder | None], kinds: Collection[str]) -> None:
    """Read what was published since it was read last, language by language; what was read stays if this is stopped."""
    encoder = open_encoder()
    if encoder is None:  # promised before finding by meaning was switched off
        return
    with run.unit_of_work() as db:
        languages = sorted({language for _, language, _ in db.execute(_behind(encoder.name))})
    for number, name in enumerate(languages):
        with run.unit_of_work() as db:
            language = _published(db, name, kinds)
        _encode_language(run, language, encoder, done=number / len(languages), part=1 / len(languages))
    with run.unit_of_work(write=True, numbered=False) as db:
        run.finish(db)
    enqueue_encoding(run.database, encoder=encoder, new_first=randbelow(NEW_CITIES) == 0)


def enqueue_encoding(database: Database, *, encoder: Encoder, new_first: bool = False) -> int | None:
    """Promise to read the city that was read longest ago; returns which, or None while another one is read.

    One at a time, and those never read last, unless `new_first`: they take minutes, and phones wait for news.
    """
    with database.unit_of_work(EVERY_TENANT, reason="looks which published texts were not read yet") as db:
        promised = db.scalars(select(Job).where(Job.name == ENCODE, Job.finished_at.is_(None))).all()
        if any(jobs.state_of(job) == jobs.RUNNING or job.failure is None for job in promised):
            return None
        behind = db.execute(_behind(encoder.name)).all()
    waiting = sorted(((read_at is None) != new_first, read_at, city) for city, _, read_at in behind)
    return next((city for *_, city in waiting if _promise(database, city)), None)


def _promise(database: Database, city: int) -> bool:
    """Whether the city is to be read: it is still there, and nothing was called off or given up an hour ago."""
    rested = clock.now() - REST
    with database.unit_of_work(city, write=True, numbered=False) as db:
        open_jobs = jobs.open_jobs(db, ENCODE)
        rests = any(jobs.state_of(job) != jobs.FAILED or job.created_at > rested for job in open_jobs)
        if rests or _was_called_off(db, rested) or not tenants.active_languages(db):
            return False
        for given_up in open_jobs:  # the new one stands for it
            db.delete(given_up)
        jobs.enqueue(db, ENCODE)
    return True


def _was_called_off(db: Work, since: datetime) -> bool:
    called_off = (Job.name == ENCODE, Job.failure == jobs.CANCELLED, Job.finished_at > since)
    return db.scalar(select(Job.id).where(*called_off).limit(1)) is not None


def _behind(encoder: str) -> Select[int, str, datetime | None]:
    """Cities and languages of which something was published that this encoder has not read, and when it read last."""
    read = and_(
        EmbeddingHead.tenant_id == Head.tenant_id,
        EmbeddingHead.language == Head.language,
        EmbeddingHead.encoder == encoder,
    )
    is_behind = or_(EmbeddingHead.seq.is_(None), EmbeddingHead.seq < Head.seq, EmbeddingHead.epoch != TenantClock.epoch)
    return (
        select(Head.tenant_id, Head.language, EmbeddingHead.read_at)
        .join(Tenant, Tenant.id == Head.tenant_id)
        .join(TenantClock, TenantClock.tenant_id == Head.tenant_id)
        .outerjoin(EmbeddingHead, read)
        .where(Head.language != publishing.EVERY_LANGUAGE, Tenant.status != tenants.ARCHIVED, is_behind)
        .distinct()
    )


def _published(db: Work, language: str, kinds: Collection[str]) -> _Language:
    epoch, seq = publishing.newest(db)
    payloads = [payload for kind in kinds for payload in publishing.payloads(db, language, kind)]
    listings = {one.key: one for one in map(listing_of, payloads)}
    return _Language(language, epoch, seq, {key: list(_passages(one, listings)) for key, one in listings.items()})


def _passages(listing: Listing, listings: Mapping[Key, Listing]) -> Iterator[str]:
    """The passages of a document, each below the titles that say where it stands; alone it may be about anything.

    What editors say readers call it is one more.
    """
    titles = titles_above(listing, lambda *key: listings.get(key))
    title = " › ".join([*reversed(titles), listing.title])
    said = wrap(listing.passages.text, PASSAGE, break_on_hyphens=False)[:MOST_PASSAGES]
    yield from (f"{title}. {passage}" for passage in said or [""])
    if listing.keywords:
        yield f"{title}. {listing.keywords}"


def _encode_language(run: Run, language: _Language, encoder: Encoder, *, done: float, part: float) -> None:
    digests = {key: digest(encoder.name, *passages) for key, passages in language.passages.items()}
    with run.unit_of_work(write=True, numbered=False) as db:
        run.hold(db)
        _forget_others(db, language.language, encoder)
        before = queries.embedded(db, language.language)
    changed = [key for key, one in digests.items() if before.get(key) != one]
    for number, keys in enumerate(portions(changed, _AT_ONCE)):
        run.progress(round(100 * (done + part * number * _AT_ONCE / len(changed))), language.language)
        _encode(run, language, {key: digests[key] for key in keys}, encoder)
    with run.unit_of_work(write=True, numbered=False) as db:
        run.hold(db)
        _forget(db, language.language, before.keys() - digests.keys())
        db.merge(EmbeddingHead(**_of(db, language), epoch=language.epoch, encoder=encoder.name, read_at=clock.now()))


def _encode(run: Run, language: _Language, digests: Mapping[Key, str], encoder: Encoder) -> None:
    vectors = {key: packed(encoder.passages(language.passages[key])) for key in digests}
    with run.unit_of_work(write=True, numbered=False) as db:
        run.hold(db)
        for (kind, entry_id), one in digests.items():
            key = kind, entry_id
            said = {"digest": one, "passages": len(language.passages[key]), "vectors": vectors[key]}
            db.merge(Embedding(**_of(db, language), kind=kind, entry_id=entry_id, **said))


def _forget_others(db: Work, language: str, encoder: Encoder) -> None:
    """What another encoder has read: the two cannot be compared, and nobody may meet them together."""
    others = delete(EmbeddingHead).where(EmbeddingHead.language == language, EmbeddingHead.encoder != encoder.name)
    if db.execute(others.returning(EmbeddingHead.language), execution_options=_BULK).first():
        db.execute(delete(Embedding).where(Embedding.language == language), execution_options=_BULK)


def _of(db: Work, language: _Language) -> dict[str, int | str]:
    return {"tenant_id": db.tenant_id, "language": language.language, "seq": language.seq}


def _forget(db: Work, language: str, keys: Collection[Key]) -> None:
    for kind in {kind for kind, _ in keys}:
        for entries in portions(sorted(entry_id for one, entry_id in keys if one == kind)):
            these = (Embedding.kind == kind, Embedding.entry_id.in_(entries))
            db.execute(delete(Embedding).where(Embedding.language == language, *these), execution_options=_BULK)
