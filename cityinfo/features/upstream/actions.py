"""Deciding about what the other city says: take it, keep ours, follow it no more, and take a decision back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from sqlalchemy import delete, select

from cityinfo.features import content, tenants
from cityinfo.features.content import EntryDeleted, Merging, Wording
from cityinfo.features.onboarding import Origin, TenantCloned, clone_of
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest as digest_of
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.facts import Actor, tell

from . import fetching, names, placing, queries, weighing, writing
from .facts import EntryDetached, FollowingChanged, UpdateDecided
from .models import ACCEPTED, KEPT, PLACE, Decision, Declined, Detached, Following, Received, Subscription
from .rules import CLEAN, OPEN, Standing
from .undoing import about, outcome, remembered, taken_before

FOLLOWER = Actor("template")  # who takes what a city lets come by itself


def follow(db: Work, source_id: int, source: str, *, whole: bool, actor: Actor) -> Following:
    """Follow another city from now on; the worker fetches what it says. Following it already stays as it is."""
    known = db.get(Following, (db.tenant_id, source_id))
    if known is not None:
        return known
    row = Following(
        source_id=source_id,
        source=source,
        whole=whole,
        by_itself=False,
        epoch=0,
        seq=0,
        since=clock.now(),
        read_at=None,
    )
    db.add(row)
    db.flush()
    _tell_following(db, row, "followed", before="", actor=actor)
    return row


def follow_clones(db: Work, told: Collection[TenantCloned]) -> None:
    """A city that is made from another one follows it."""
    clone = clone_of(db)
    for fact in told:
        follow(db, clone.source_id, clone.source, whole=True, actor=fact.actor)


def change_following(db: Work, source_id: int, *, by_itself: bool, actor: Actor) -> None:
    """Let what nobody changed here come without asking, or not."""
    row = queries.find_following(db, source_id)
    before = _state(row)
    row.by_itself = by_itself
    db.flush()
    if by_itself:
        fetching.fetch_soon(db, source_id)
    if _state(row) != before:
        _tell_following(db, row, "by itself" if by_itself else "when asked", before=before, actor=actor)


def unfollow(db: Work, source_id: int, *, actor: Actor) -> None:
    """Follow the other city no longer. All that came from it stays; what waits for a decision goes."""
    row = queries.find_following(db, source_id)
    before = _state(row)
    for table in (Received, Subscription):
        db.execute(delete(table).where(table.source_id == source_id))
    db.delete(row)
    db.flush()
    said = {"before": before, "after": "", "note": f"unfollowed {row.source}"}
    tell(db, FollowingChanged(actor=actor, kind="tenant", entry_id=db.tenant_id, **said))


def accept(
    db: Work,
    received_id: int,
    *,
    digest: str | None = None,
    choices: Mapping[str, str] | None = None,
    words: Wording | None = None,
    publish: bool = False,
    batch: int | None = None,
    actor: Actor,
) -> Decision:
    """Take what was received: merged with ours as `choices` say where both changed the same, or as `words` say.

    `publish` lets readers see it at once, unless it was merged with a draft of ours. `digest` is that of what whoever
    decides was shown; `Conflict` when something else has been received since. `Invalid` names places without a choice.
    """
    row = _open(db, received_id, digest)
    if row.state == Standing.REMOVED:
        return _accept_removal(db, row, batch=batch, actor=actor)
    if row.language == PLACE:
        return _accept_place(db, row, batch=batch, actor=actor)
    return _accept_text(db, row, choices, words, publish=publish, batch=batch, actor=actor)


def keep(db: Work, received_id: int, *, digest: str | None = None, batch: int | None = None, actor: Actor) -> Decision:
    """Keep ours. Only what the other city changes from now on is compared with it again; a new page is not wanted."""
    row = _open(db, received_id, digest)
    decision = _decision(db, row, KEPT, batch=batch, actor=actor)
    if row.entry_id is None:
        _decline(db, row, actor=actor)
    elif row.state == Standing.REMOVED:
        db.delete(row)
    else:
        known = names.names(db, queries.find_following(db, row.source_id))
        both = weighing.sides(db, known, [row])
        weighing.settle(db, known, row, both.get(row.id))
    db.flush()
    _tell(db, decision, actor=actor)
    return decision


def accept_untouched(db: Work, source_id: int, source_entry_id: int) -> None:
    """Take by itself what nobody changed here; readers see it where they saw our newest words."""
    batch = db.new_id()
    for row in ordered(db, source_id, source_entry_id, (Standing.UNTOUCHED, Standing.MOVED)):
        text = content.text_of(db, row.entry_id or 0, row.language)
        shown = text is not None and text.public_version_id is not None
        accept(db, row.id, publish=shown, batch=batch, actor=FOLLOWER)


def accept_entry(
    db: Work,
    source_id: int,
    source_entry_id: int,
    *,
    publish: bool = False,
    may: Callable[[str, Received], bool] = lambda _verb, _row: True,
    batch: int | None = None,
    actor: Actor,
) -> list[Decision]:
    """Take all that was received of an entry and needs no choice: its place first, then languages before those that
    are translated from them. `may` leaves out what whoever asks may not write, and publishes only what they may."""
    batch = batch or db.new_id()
    return [
        accept(db, row.id, publish=publish and may("publish", row), batch=batch, actor=actor)
        for row in ordered(db, source_id, source_entry_id, CLEAN)
        if may("write", row)
    ]


def detach(db: Work, entry_id: int, *, actor: Actor) -> None:
    """Let an entry follow nobody any more."""
    entry = content.find_entry(db, entry_id)
    if db.get(Origin, (db.tenant_id, entry_id)) is None:
        raise NotFound("update.no_origin", "This does not come from another city.")
    if db.get(Detached, (db.tenant_id, entry_id)) is not None:
        return
    db.execute(delete(Received).where(Received.entry_id == entry_id))
    db.add(Detached(entry_id=entry_id, by=str(actor), at=clock.now()))
    db.flush()
    said = {"after": digest_of(entry_id), "note": "detached"}
    tell(db, EntryDetached(actor=actor, kind=entry.kind, entry_id=entry_id, **said))


def attach(db: Work, entry_id: int, *, actor: Actor) -> None:
    """Let an entry follow again where it came from; what was said there meanwhile is fetched."""
    row = db.get(Detached, (db.tenant_id, entry_id))
    entry, origin = content.find_entry(db, entry_id), db.get(Origin, (db.tenant_id, entry_id))
    if row is None or origin is None:
        return
    db.delete(row)
    for following in queries.followings(db):
        if following.source == origin.source:
            fetching.read_anew(db, following)
    db.flush()
    said = {"before": digest_of(entry_id), "note": "attached"}
    tell(db, EntryDetached(actor=actor, kind=entry.kind, entry_id=entry_id, **said))


def forget_deleted(db: Work, told: Collection[EntryDeleted]) -> None:
    """What was deleted here is not offered again as something new."""
    for fact in told:
        for row in db.scalars(select(Received).where(Received.entry_id == fact.entry_id)):
            _decline(db, row, actor=fact.actor)


def ordered(db: Work, source_id: int, source_entry_id: int, standings: Collection[str]) -> Iterator[Received]:
    """What stands so of an entry: its place first, then languages before those that are translated from them."""
    for language in (PLACE, *tenants.tree(db)):
        row = queries.received_at(db, source_id, source_entry_id, language)
        if row is not None and row.state in standings:
            yield row


def _merged(merging: Merging, choices: Mapping[str, str] | None) -> Wording:
    missing = [place.name for place in merging.open if place.name not in (choices or {})]
    if missing:
        raise Invalid(
            "update.undecided", "You and the template changed the same: decide what is to stay.", places=missing
        )
    return merging.result(choices or {})


def _open(db: Work, received_id: int, shown: str | None) -> Received:
    row = db.get(Received, (db.tenant_id, received_id))
    if row is None or row.state not in OPEN:
        raise NotFound("update.unknown", "This has been decided about already.")
    if shown is not None and shown != row.digest:
        raise Conflict("update.newer", "The template has changed this again; look at it once more.")
    return row


def _accept_text(
    db: Work,
    row: Received,
    choices: Mapping[str, str] | None,
    words: Wording | None,
    *,
    publish: bool,
    batch: int | None,
    actor: Actor,
) -> Decision:
    if row.entry_id is None:
        raise Invalid("update.new_page", "Take the page first: its words hang on it.")
    known = names.names(db, queries.find_following(db, row.source_id))
    both = weighing.sides(db, known, [row])[row.id]
    wanted = words or _merged(content.merge(both.base, both.ours or both.theirs, both.theirs), choices)
    decision = _decision(db, row, ACCEPTED, batch=batch, actor=actor)
    writing.write(db, row, wanted, theirs=both.theirs, decision=decision, publish=publish, actor=actor)
    weighing.settle(db, known, row, both)
    _tell(db, decision, actor=actor)
    return decision


def _accept_place(db: Work, row: Received, *, batch: int | None, actor: Actor) -> Decision:
    decision = _decision(db, row, ACCEPTED, batch=batch, actor=actor)
    known = names.names(db, queries.find_following(db, row.source_id))
    if row.entry_id is None:
        decision.entry_id = placing.plant(db, row, known, actor=actor)
    else:
        decision.before = placing.move(db, row, known, actor=actor)
        db.delete(row)
    db.flush()
    _tell(db, decision, actor=actor)
    return decision


def _accept_removal(db: Work, row: Received, *, batch: int | None, actor: Actor) -> Decision:
    decision = _decision(db, row, ACCEPTED, batch=batch, actor=actor)
    if row.entry_id is not None and row.language == PLACE:
        placing.set_archived(db, row.entry_id, True, actor=actor)
    elif row.entry_id is not None:
        decision.published = bool(content.take_offline(db, row.entry_id, [row.language], actor=actor))
    db.delete(row)
    db.flush()
    _tell(db, decision, actor=actor)
    return decision


def _decline(db: Work, row: Received, *, actor: Actor) -> None:
    same = (Received.source_id == row.source_id, Received.source_entry_id == row.source_entry_id)
    key = {"tenant_id": db.tenant_id, "source_id": row.source_id, "source_entry_id": row.source_entry_id}
    if db.get(Declined, key) is None:
        db.add(Declined(**key, by=str(actor), at=clock.now()))
    asked = (Subscription.source_id == row.source_id, Subscription.source_entry_id == row.source_entry_id)
    db.execute(delete(Subscription).where(*asked))
    db.execute(delete(Received).where(*same))
    db.flush()


def _decision(db: Work, row: Received, verdict: str, *, batch: int | None, actor: Actor) -> Decision:
    decision = Decision(
        id=db.new_id(),
        batch=batch or db.new_id(),
        entry_id=row.entry_id,
        language=row.language,
        verdict=verdict,
        title=row.title or _title(db, row),
        received=remembered(row),
        before=taken_before(db, row),
        version_before_id=None,
        version_after_id=None,
        published=False,
        by=str(actor),
        at=clock.now(),
    )
    db.add(decision)
    db.flush()
    return decision


def _title(db: Work, row: Received) -> str:
    """What an entry is called whose place was decided about."""
    if row.entry_id is not None:
        return content.name(content.titles(db, row.entry_id), *tenants.tree(db))[0]
    texts = queries.received_of(db, row.source_id, row.source_entry_id)
    return next((one.title for one in texts if one.title), "")


def _tell(db: Work, decision: Decision, *, actor: Actor) -> None:
    note = f"{decision.verdict} {decision.received['source']}"
    tell(db, UpdateDecided(actor=actor, **about(decision), note=note, after=outcome(decision)))


def _state(row: Following) -> str:
    return digest_of(row.source_id, row.whole, row.by_itself)


def _tell_following(db: Work, row: Following, what: str, *, before: str, actor: Actor) -> None:
    said = {"before": before, "after": _state(row), "note": f"{what} {row.source}"}
    tell(db, FollowingChanged(actor=actor, kind="tenant", entry_id=db.tenant_id, **said))
