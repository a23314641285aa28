"""Keeping published documents equal to what editors have released, in the transaction that changes it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import delete, null, select, update

from cityinfo.features import content, tenants
from cityinfo.features.content import ContentType, Document, Finisher, Projection, PublicChanged, Writer
from cityinfo.kernel import clock, html, jobs
from cityinfo.kernel.bulk import insert_rows, update_rows
from cityinfo.kernel.db import TenantClock, Work
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.listing import portions

from .facts import PublishedChanged
from .models import EVERY_LANGUAGE, Due, Head, Published, outline_kind

TENANT = "tenant"  # kind of the head that moves with the tenant's own public facts
REBUILD = "publishing.rebuild"
SCHEDULE = Actor("schedule")

Key = tuple[str, str, int]  # language, kind, entry
Part = tuple[str, list[int]]  # kind, and some of its entries


class _Known(NamedTuple):
    """What stands: a city has tens of thousands, which as objects would take longer than to compute them."""

    digest: str
    removed: bool
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A published document that is not what it should be."""

    language: str
    kind: str
    entry_id: int
    fault: str


class Projector:
    """Computes documents of all content types; told what happened, it writes those that differ."""

    def __init__(
        self, types: Iterable[ContentType], writers: Iterable[Writer] = (), finishers: Iterable[Finisher] = ()
    ) -> None:
        self._types = {one.kind: one for one in types}
        self._writers = tuple(writers)
        self._finishers = tuple(finishers)

    def on_content(self, db: Work, facts: Sequence[PublicChanged]) -> None:
        """Recompute what these facts can have changed."""
        active = tenants.active_languages(db)
        touched: set[tuple[str, str]] = set()
        changed: set[int] = set()
        for kind in self._types.keys() & {fact.kind for fact in facts}:
            own = [fact for fact in facts if fact.kind == kind]
            ids = self._affected(db, kind, own)
            if not self._types[kind].one_language:
                ids |= content.alike(db, {fact.entry_id for fact in own})  # in other languages under the same slug
            touched |= self._project(db, kind, ids, active, self._languages(kind, own, active))
            changed |= ids
        for kind, ids in content.showing(db, changed).items():
            wider = self._types[kind].affected(db, ids, False)
            touched |= self._project(db, kind, wider, active, active)
        move_heads(db, touched)

    def on_tenant(self, db: Work, facts: Sequence[tenants.TenantChanged]) -> None:
        """The tenant's own facts stand in many answers; other languages make other documents."""
        move_heads(db, {(EVERY_LANGUAGE, TENANT)})
        switched = {feature for fact in facts for feature in fact.switched}
        self._withdraw(db, tenants.kinds_switched_by({one for one in switched if not tenants.offers(db, one)}))
        if any(isinstance(fact, tenants.LanguagesChanged) for fact in facts) and _has_published(db):
            new_epoch(db)
            jobs.enqueue(db, REBUILD)
        elif switched:
            jobs.enqueue(db, REBUILD)  # what is public now, and what shows things of those kinds

    def _withdraw(self, db: Work, kinds: Collection[str]) -> None:
        """Take away at once what the city has switched off; followers of the feed get tombstones."""
        active = tenants.active_languages(db)
        touched: set[tuple[str, str]] = set()
        for kind in kinds & self._types.keys():
            for ids in portions(_published_ids(db, kind)):
                touched |= self._project(db, kind, ids, active, active)
        move_heads(db, touched)

    def rebuild(self, db: Work) -> int:
        """Write what differs from a full recomputation; returns how many documents did. The epoch stays."""
        before = _count_at(db)
        move_heads(db, {(one.language, one.kind) for one in _stray_heads(db)})
        self.rebuild_parts(db, self.parts(db))
        return _count_at(db) - before

    def parts(self, db: Work) -> list[Part]:
        """Everything that a rebuild looks at, in portions, for whoever does not want others to wait for all of it."""
        known = ((kind, set(one.all_ids(db)) | _published_ids(db, kind)) for kind, one in self._types.items())
        return [(kind, ids) for kind, all_ids in known for ids in portions(sorted(all_ids))]

    def rebuild_parts(self, db: Work, parts: Iterable[Part]) -> None:
        """Write what differs from a full recomputation of these."""
        active = tenants.active_languages(db)
        languages = set(active) | _published_languages(db)
        touched: set[tuple[str, str]] = set()
        for kind, ids in parts:
            touched |= self._project(db, kind, ids, active, languages, exactly=True)
        move_heads(db, touched)

    def verify(self, db: Work) -> Iterator[Difference]:
        """Compare every published document with what it should be."""
        active = tenants.active_languages(db)
        for kind, type_ in self._types.items():
            for ids in portions(set(type_.all_ids(db)) | _published_ids(db, kind)):
                wanted = _wanted(kind, self._projection(db, kind, ids, active, active))
                rows = _rows(db, kind, ids, None, with_payload=True)
                waiting = _overdue(db, kind)  # the worker is about to look at these
                yield from (one for one in _differences(rows, wanted) if one.entry_id not in waiting)
        yield from _stray_heads(db)

    def pass_time(self, db: Work, kind: str, entry_id: int, moment: datetime) -> None:
        """Let the content type do what has come due, and forget the appointment."""
        db.execute(delete(Due).where(Due.kind == kind, Due.entry_id == entry_id, Due.at <= moment))
        self._types[kind].pass_time(db, entry_id, moment, SCHEDULE)

    def _affected(self, db: Work, kind: str, facts: Sequence[PublicChanged]) -> set[int]:
        affected = self._types[kind].affected
        wide = {fact.entry_id for fact in facts if fact.widely}
        narrow = {fact.entry_id for fact in facts} - wide
        return (affected(db, wide, True) if wide else set()) | (affected(db, narrow, False) if narrow else set())

    def _languages(self, kind: str, facts: Sequence[PublicChanged], active: Collection[str]) -> Collection[str]:
        if self._types[kind].one_language and all(fact.language for fact in facts):
            return {fact.language for fact in facts}
        return active

    def _projection(
        self, db: Work, kind: str, ids: Collection[int], active: Collection[str], languages: Collection[str]
    ) -> Projection:
        """What a type projects, with what stands in its texts by identity written out."""
        projection = self._types[kind].project(db, ids, active, languages)
        by_language: dict[str, list[Document]] = {language: [] for language in languages}
        for document in projection.documents:
            by_language[document.language].append(document)
        for writer in self._writers:
            for language, documents in by_language.items():
                _write_out(db, writer, language, documents)
        for finish in self._finishers:
            finish(db, projection.documents)
        _add_keywords(db, projection.documents)
        return projection

    def _project(
        self,
        db: Work,
        kind: str,
        ids: Collection[int],
        active: Collection[str],
        languages: Collection[str],
        *,
        exactly: bool = False,
    ) -> set[tuple[str, str]]:
        """Write what differs. A digest tells, in an edit; `exactly` compares payloads, which may have been damaged."""
        projection = self._projection(db, kind, ids, active, languages)
        wanted = _wanted(kind, projection)
        _keep_appointments(db, kind, ids, projection)
        return _write(db, _rows(db, kind, ids, languages, with_payload=exactly), wanted, exactly=exactly)


def move_heads(db: Work, parts: Collection[tuple[str, str]]) -> None:
    """Note that this unit of work touched these parts: language and kind."""
    if not parts:
        return
    heads = {(head.language, head.kind): head for head in db.scalars(select(Head))}
    for language, kind in parts:
        head = heads.get((language, kind)) or Head(tenant_id=db.tenant_id, language=language, kind=kind)
        head.seq = db.seq
        db.add(head)
    db.flush()
    tell(db, PublishedChanged(parts=parts))


def new_epoch(db: Work) -> int:
    """Make every follower of the feed start again: their cursors answer 410 from now on."""
    db.epoch = db.new_id()
    quietly = {"synchronize_session": False}
    db.execute(update(TenantClock).values(epoch=db.epoch), execution_options=quietly)
    db.execute(update(Head).values(seq=db.seq), execution_options=quietly)
    db.expire_all()
    return db.epoch


def purge_tombstones(db: Work, *, before: datetime) -> int:
    """Forget removed documents of long ago. Followers who were away that long must start again."""
    rows = db.scalars(
        select(Published.entry_id).where(Published.removed.is_(True), Published.published_at < before)
    ).all()
    if rows:
        db.execute(
            delete(Published).where(Published.removed.is_(True), Published.published_at < before),
            execution_options={"synchronize_session": False},
        )
        new_epoch(db)
    return len(rows)


def _write_out(db: Work, writer: Writer, language: str, documents: Sequence[Document]) -> None:
    bodies = [body for document in documents for body in (document.body, *document.parts)]
    written = writer(db, language, [body.get("content", "") for body in bodies])
    for body, text in zip(bodies, written, strict=True):
        if "content" in body and body["content"] != text:
            body["content"] = text
            if "{{" in body.get("excerpt", ""):  # its first words were not filled in yet
                body["excerpt"] = html.excerpt(text)


def _add_keywords(db: Work, documents: Sequence[Document]) -> None:
    """For searching: in the language of a document, and in the one its words are in."""
    lines = content.keywords_of(db, {document.entry_id for document in documents})
    for document in documents if lines else ():
        languages = dict.fromkeys((document.language, document.body.get("delivered_language", document.language)))
        found = [line for language in languages for line in lines.get((document.entry_id, language), ())]
        if found:
            document.body["keywords"] = found


def _overdue(db: Work, kind: str) -> set[int]:
    return set(db.scalars(select(Due.entry_id).where(Due.kind == kind, Due.at <= clock.now())))


def _wanted(kind: str, projection: Projection) -> dict[Key, bytes]:
    wanted = {(document.language, kind, document.entry_id): _json(document.body) for document in projection.documents}
    outlined = outline_kind(kind)
    outlines = {(EVERY_LANGUAGE, outlined, entry_id): _json(body) for entry_id, body in projection.outlines.items()}
    return wanted | outlines


def _json(body: Mapping[str, Any]) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def _rows(
    db: Work, kind: str, ids: Collection[int], languages: Collection[str] | None, *, with_payload: bool
) -> dict[Key, _Known]:
    """Published rows of these entries, outlines included."""
    found: dict[Key, _Known] = {}
    table = Published
    said = (table.digest, table.removed, table.payload if with_payload else null())
    for portion in portions(ids):
        statement = select(table.language, table.kind, table.entry_id, *said)
        statement = statement.where(table.kind.in_([kind, outline_kind(kind)]), table.entry_id.in_(portion))
        if languages is not None:
            statement = statement.where(table.language.in_([EVERY_LANGUAGE, *languages]))
        found.update({(row[0], row[1], row[2]): _Known(*row[3:]) for row in db.execute(statement)})
    return found


def _write(db: Work, rows: Mapping[Key, _Known], wanted: Mapping[Key, bytes], *, exactly: bool) -> set[tuple[str, str]]:
    new = [key for key in wanted if key not in rows]
    changed: dict[Key, bytes | None] = {
        key: payload
        for key, payload in wanted.items()
        if key in rows and not _is_as(rows[key], payload, exactly=exactly)
    }
    changed |= {key: None for key, row in rows.items() if key not in wanted and not row.removed}
    insert_rows(db, Published, [_row(db, key, wanted[key]) for key in new])
    update_rows(db, Published, [_row(db, key, payload) for key, payload in changed.items()])
    return {(language, kind) for language, kind, _ in (*new, *changed)}


def _row(db: Work, key: Key, payload: bytes | None) -> dict[str, Any]:
    named = dict(zip(("language", "kind", "entry_id"), key, strict=True))
    said = {"payload": payload, "digest": _digest(payload) if payload is not None else ""}
    stamps = {"seq": db.seq, "removed": payload is None, "published_at": clock.now()}
    return {"tenant_id": db.tenant_id, **named, **said, **stamps}


def _digest(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


def _keep_appointments(db: Work, kind: str, ids: Collection[int], projection: Projection) -> None:
    for portion in portions(ids):
        known = {
            (row.entry_id, row.at): row
            for row in db.scalars(select(Due).where(Due.kind == kind, Due.entry_id.in_(portion)))
        }
        wanted = {(entry_id, at) for entry_id in portion for at in projection.due.get(entry_id, ())}
        for key in known.keys() - wanted:
            db.delete(known[key])
        for entry_id, at in wanted - known.keys():
            db.add(Due(tenant_id=db.tenant_id, kind=kind, entry_id=entry_id, at=at))


def _differences(rows: Mapping[Key, _Known], wanted: Mapping[Key, bytes]) -> Iterator[Difference]:
    for key in sorted(rows.keys() | wanted.keys()):
        row = rows.get(key)
        if key in wanted and (row is None or row.removed):
            yield Difference(*key, "is missing")
        elif row is not None and key not in wanted and not row.removed:
            yield Difference(*key, "should not be there")
        elif row is not None and key in wanted and not _is_as(row, wanted[key], exactly=True):
            yield Difference(*key, "says something else")


def _is_as(row: _Known, payload: bytes, *, exactly: bool) -> bool:
    return not row.removed and row.digest == _digest(payload) and (not exactly or row.payload == payload)


def _stray_heads(db: Work) -> Iterator[Difference]:
    """A head behind its documents would hide them from readers."""
    heads = {(head.language, head.kind): head.seq for head in db.scalars(select(Head))}
    rows = db.execute(select(Published.language, Published.kind, Published.entry_id, Published.seq))
    for language, kind, entry_id, seq in rows:
        if seq > heads.get((language, kind), 0):
            yield Difference(language, kind, entry_id, "is newer than its head")


def _published_ids(db: Work, kind: str) -> set[int]:
    return set(db.scalars(select(Published.entry_id).where(Published.kind == kind).distinct()))


def _published_languages(db: Work) -> set[str]:
    return set(db.scalars(select(Published.language).distinct())) - {EVERY_LANGUAGE}


def _has_published(db: Work) -> bool:
    return db.scalar(select(Published.entry_id).limit(1)) is not None


def _count_at(db: Work) -> int:
    return len(db.scalars(select(Published.entry_id).where(Published.seq == db.seq)).all())
