"""What the other city says, kept here until somebody decides: only what differs from what was taken before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from cityinfo.features import content, onboarding, tenants
from cityinfo.features.content import Entry, Key, Text
from cityinfo.features.onboarding import TextOrigin
from cityinfo.features.pages import Page
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.listing import portions

from . import freshness, names, queries, weighing
from .models import PLACE, Declined, Following, Received, Subscription, TakenPlace, TakenText
from .reading import Asked, Reading, Said
from .rules import FOLLOWED, TREE, Place, Standing

_Taken = tuple[str, int | None]  # the digest there of a text that was taken, and its version there


@dataclass(slots=True)
class _Known:
    """What is here of the other city's entries: under which names, what was taken of them, what waits."""

    following: Following
    names: names.Names
    taken: Mapping[Key, _Taken]  # by entry here and language
    places: Mapping[int, TakenPlace]
    rows: dict[Key, Received]  # by entry there and language
    public: frozenset[Key]
    declined: frozenset[int]
    drafts: frozenset[tuple[int | None, str]]  # texts that came unpublished, and nobody here has touched
    takes_roots: bool  # not a clone of a part of the tree
    subscribed: Mapping[int, Subscription]  # by entry there
    changed: list[Received] = field(default_factory=list)
    confirmed: set[Key] = field(default_factory=set)


def asked(db: Work, following: Following) -> Asked:
    """From where to read on."""
    versions = {version for _, version in _taken(db).values() if version is not None}
    return Asked(
        epoch=following.epoch,
        seq=following.seq,
        languages=list(tenants.tree(db)),
        versions=versions,
        read_at=following.read_at,
        only=None if following.whole else queries.subscribed(db, following.source_id).keys(),
    )


def receive(db: Work, following: Following, reading: Reading, asked: Asked) -> set[Key]:
    """Keep what the other city says now; returns source texts here of which a translation was confirmed there.

    Running it again changes nothing. What was received and is not said there any more is forgotten. Had somebody
    wanted all to be read anew since it was `asked`, that is still to come.
    """
    known = _known(db, following)
    _note_offered(known, reading)
    _note_places(db, known, reading)
    for said in reading.texts:
        _receive_text(db, known, said, reading)
    for entry_id, place in reading.places.items():
        _receive_place(db, known, entry_id, place)
    _forget_new(db, known)
    _receive_gone(db, known, _with_missing(db, known, reading))
    following.read_at = clock.now()
    if (following.epoch, following.seq) == (asked.epoch, asked.seq):
        following.epoch, following.seq = reading.epoch, reading.seq
    db.flush()
    weighing.weigh(db, known.names, [one for one in known.changed if one in db])
    return known.confirmed


def _known(db: Work, following: Following) -> _Known:
    rows = db.scalars(select(Received).where(Received.source_id == following.source_id))
    here = names.names(db, following)
    public = select(Text.entry_id, Text.language).where(Text.public_version_id.is_not(None))
    clone = onboarding.came_from(db)
    declined = select(Declined.source_entry_id).where(Declined.source_id == following.source_id)
    return _Known(
        following=following,
        names=here,
        taken=_taken(db),
        places={one.entry_id: one for one in db.scalars(select(TakenPlace))},
        rows={(one.source_entry_id, one.language): one for one in rows},
        public=frozenset((entry_id, language) for entry_id, language in db.execute(public)),
        declined=frozenset(db.scalars(declined)),
        drafts=frozenset() if clone is None or clone.choices.get("drafts") else frozenset(_drafts(db)),
        takes_roots=clone is None or clone.choices.get("below") is None,
        subscribed=queries.subscribed(db, following.source_id),
    )


def _note_offered(known: _Known, reading: Reading) -> None:
    """Whether what this city wants to have alone is still given away."""
    if not known.following.whole:
        for entry_id, subscription in known.subscribed.items():
            subscription.is_offered = entry_id in reading.offered


def _taken(db: Work) -> dict[Key, _Taken]:
    """Of what was taken last; until then, of what came."""
    return {
        (entry_id, language): (said, version)
        for table in (TextOrigin, TakenText)
        for entry_id, language, said, version in db.execute(
            select(table.entry_id, table.language, table.source_digest, table.source_version_id)
        )
    }


def _drafts(db: Work) -> Iterator[Key]:
    statement = (
        select(Text.entry_id, Text.language)
        .join(TextOrigin, (TextOrigin.entry_id == Text.entry_id) & (TextOrigin.language == Text.language))
        .where(Text.public_version_id.is_(None), TextOrigin.version_id == Text.current_version_id)
    )
    yield from ((entry_id, language) for entry_id, language in db.execute(statement))


def _receive_text(db: Work, known: _Known, said: Said, reading: Reading) -> None:
    here = known.names.here.get(said.entry_id)
    row = known.rows.get((said.entry_id, said.language))
    if here in known.names.detached or (here is None and not _is_offered(known, said.entry_id, said.kind)):
        return
    taken, version = known.taken.get((here or 0, said.language), (None, None))
    is_draft = (here, said.language) in known.drafts
    if here is not None and taken == said.digest and not is_draft:
        if row is not None and row.digest != said.digest:  # said there again what it said before
            _drop(db, known, row)
        if not reading.whole:
            _note_confirmed(db, known, here, said)
        return
    row = row or _row(db, known, said.entry_id, said.language, kind=said.kind)
    base = reading.numbers.get(version or 0)
    row.title, row.content, row.slug, row.digest = said.title, said.content, said.slug, said.digest
    row.source_version_id, row.minor = said.version_id, base is not None and said.last_major <= base
    row.machine_made = said.machine_made
    row.made_from = said.made_from if freshness.source_of(db, said.language) == said.source else ""
    _put(db, known, row, here)


def _note_confirmed(db: Work, known: _Known, here: int, said: Said) -> None:
    """The same words, which are known there now to say what another source says."""
    source = freshness.source_of(db, said.language)
    if source is None or source != said.source or not said.made_from:
        return
    key = {"tenant_id": db.tenant_id, "entry_id": here, "language": said.language}
    taken, came = db.get(TakenText, key), db.get(TextOrigin, key)
    first = content.version(db, came.version_id) if taken is None and came is not None else None
    if first is not None:
        taken = TakenText(**key, title=first.title, content=first.content, source_digest=said.digest, made_from="")
    if taken is not None and taken.made_from != said.made_from:
        taken.made_from, taken.source_version_id = said.made_from, said.version_id
        db.add(taken)
        known.confirmed.add((here, source))


def _receive_place(db: Work, known: _Known, source_entry_id: int, place: Place) -> None:
    here = known.names.here.get(source_entry_id)
    row = known.rows.get((source_entry_id, PLACE))
    if here in known.names.detached or (here is not None and source_entry_id in known.subscribed):
        return  # what came alone stands where it was put
    taken = known.places.get(here or 0)
    if here is None and not _is_offered(known, source_entry_id, TREE):
        return
    if taken is not None and (taken.source_parent_id, taken.source_position) == place:
        if row is not None:
            _drop(db, known, row)
        return
    row = row or _row(db, known, source_entry_id, PLACE, kind=TREE)
    row.source_parent_id, row.source_position, row.digest = *place, digest(place)
    _put(db, known, row, here)


def _forget_new(db: Work, known: _Known) -> None:
    """New pages are offered where their place is: below what is here, or below another new page. And never empty."""
    written = {entry for entry, language in known.rows if language != PLACE}
    fresh = {entry: row for (entry, language), row in known.rows.items() if language == PLACE and row.entry_id is None}
    reached = known.names.here.keys() - {
        there for there, here in known.names.here.items() if here in known.names.detached
    }
    offered = _placed(known, {entry: row for entry, row in fresh.items() if entry in written}, reached)
    offered |= written & known.subscribed.keys()
    for (entry, _language), row in list(known.rows.items()):
        if row.entry_id is None and entry not in offered:
            _drop(db, known, row)


def _placed(known: _Known, fresh: Mapping[int, Received], reached: Collection[int]) -> set[int]:
    """Those new pages that hang below what is reached, or below one another's places that do."""
    below: dict[int | None, list[int]] = {}
    for entry, row in fresh.items():
        below.setdefault(row.source_parent_id, []).append(entry)
    waiting = [entry for above in reached for entry in below.get(above, ())]
    waiting += below.get(None, ()) if known.takes_roots else ()
    placed: set[int] = set()
    while waiting:
        placed.add(entry := waiting.pop())
        waiting += below.get(entry, ())
    return placed


def _receive_gone(db: Work, known: _Known, reading: Reading) -> None:
    gone, public = _by_entry(reading.gone), _by_entry(known.public)
    said = {one.entry_id for one in reading.texts}
    for source_entry_id, kind in reading.kinds.items():
        here, languages = known.names.here.get(source_entry_id), gone.get(source_entry_id, set())
        ours = public.get(here or 0, set()) & languages
        for language in languages - ours:
            if (row := known.rows.get((source_entry_id, language))) is not None:
                _drop(db, known, row)
        if here is None or here in known.names.detached:
            continue
        for language in ours if source_entry_id in said else ([PLACE] if ours else []):
            row = known.rows.get((source_entry_id, language)) or _row(db, known, source_entry_id, language, kind=kind)
            row.digest = ""
            _put(db, known, row, here)


def _by_entry(keys: Iterable[Key]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for entry_id, language in keys:
        found.setdefault(entry_id, set()).add(language)
    return found


def _with_missing(db: Work, known: _Known, reading: Reading) -> Reading:
    """When everything was read, what was not there is gone, even if nothing is left that would say so."""
    missing = known.names.here.keys() - reading.kinds.keys() if reading.whole else set()
    if not known.following.whole:
        missing &= reading.offered.keys()
    ours = {known.names.here[there]: there for there in missing}
    for ids in portions(ours):
        for entry_id, kind in db.execute(
            select(Entry.id, Entry.kind).where(Entry.id.in_(ids), Entry.kind.in_(FOLLOWED))
        ):
            reading.kinds[ours[entry_id]] = kind
            reading.gone |= {(ours[entry_id], language) for language in known.names.languages}
    return reading


def _is_offered(known: _Known, source_entry_id: int, kind: str) -> bool:
    wanted = (known.following.whole and kind == TREE) or source_entry_id in known.subscribed
    return wanted and source_entry_id not in known.declined


def _row(db: Work, known: _Known, source_entry_id: int, language: str, *, kind: str) -> Received:
    following = known.following
    return Received(
        id=db.new_id(),
        source_id=following.source_id,
        source=following.source,
        source_entry_id=source_entry_id,
        language=language,
        kind=kind,
        title="",
        content="",
        slug="",
        made_from="",
        minor=False,
        machine_made=False,
        source_position="",
    )


def _put(db: Work, known: _Known, row: Received, here: int | None) -> None:
    db.add(row)
    row.entry_id, row.state, row.received_at = here, Standing.SAME, clock.now()
    known.rows[row.source_entry_id, row.language] = row
    known.changed.append(row)


def _drop(db: Work, known: _Known, row: Received) -> None:
    known.rows.pop((row.source_entry_id, row.language), None)
    if row in db.new:
        db.expunge(row)
    else:
        db.delete(row)


def _note_places(db: Work, known: _Known, reading: Reading) -> None:
    """Where pages stood when they came. One that stands elsewhere here was moved here already."""
    unknown = {
        known.names.here[there]: (there, place)
        for there, place in {**reading.all_places, **reading.places}.items()
        if there in known.names.here and known.names.here[there] not in known.places
    }
    found = dict(known.places)
    for ids in portions(unknown):
        for page in db.scalars(select(Page).where(Page.id.in_(ids))):
            _there, (parent, position) = unknown[page.id]
            mapped = known.names.here.get(parent) if parent is not None else None
            stays = page.parent_id == mapped and page.position == position
            found[page.id] = TakenPlace(
                entry_id=page.id,
                source_parent_id=parent,
                source_position=position,
                parent_id=page.parent_id if stays else mapped,
                position=page.position if stays else position,
            )
            db.add(found[page.id])
    known.places = found
