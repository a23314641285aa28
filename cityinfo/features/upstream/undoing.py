"""Taking decisions back: words, places and what had been taken before are as they were, and all waits again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select, update

from cityinfo.features import content, pages
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, NotFound
from cityinfo.kernel.facts import Actor, tell

from . import fetching, placing, weighing
from .facts import UpdateDecided
from .models import KEPT, PLACE, Decision, Declined, Following, Received, TakenText
from .rules import Standing

_WHEN = "received_at"


def remembered(row: Received) -> dict[str, Any]:
    """All of a row, as a decision keeps it."""
    columns = {
        column.key: getattr(row, column.key) for column in inspect(Received).columns if column.key != "tenant_id"
    }
    return {**columns, _WHEN: columns[_WHEN].isoformat()}


def taken_before(db: Work, row: Received) -> dict[str, Any]:
    """What had been taken of a text before it is decided about again."""
    taken = db.get(TakenText, (db.tenant_id, row.entry_id or 0, row.language))
    keys = ("entry_id", "language", "tenant_id")
    return {c.key: getattr(taken, c.key) for c in inspect(TakenText).columns if c.key not in keys} if taken else {}


def undo(db: Work, batch: int, *, actor: Actor) -> list[Decision]:
    """Take back what was decided together, last first. `Conflict` when somebody has changed a text since."""
    rows = db.scalars(select(Decision).where(Decision.batch == batch, Decision.undone_at.is_(None)))
    found = sorted(rows, key=lambda one: -one.id)
    if not found:
        raise NotFound("update.no_decision", "There is nothing to take back.")
    for decision in found:
        _undo(db, decision, actor=actor)
        before, decision.undone_at = outcome(decision), clock.now()
        tell(db, UpdateDecided(actor=actor, **about(decision), note="taken back", before=before))
    weighing.weigh_these(db, [_put_back(db, decision) for decision in reversed(found)])
    return found


def _undo(db: Work, decision: Decision, *, actor: Actor) -> None:
    if decision.verdict == KEPT:
        _want_again(db, decision)
    elif decision.language == PLACE:
        _undo_place(db, decision, actor=actor)
    elif not decision.received["digest"]:
        _show_again(db, decision, actor=actor)
    else:
        _undo_text(db, decision, actor=actor)
    if decision.entry_id is not None and decision.language != PLACE:
        _restore_taken(db, decision)
    db.flush()


def _undo_text(db: Work, decision: Decision, *, actor: Actor) -> None:
    entry_id, language = decision.entry_id or 0, decision.language
    text = content.find_text(db, entry_id, language)
    if text.current_version_id != decision.version_after_id:
        raise Conflict("update.changed_since", "Somebody has changed this text since, so it cannot be taken back.")
    if decision.version_before_id is None:
        content.take_offline(db, entry_id, [language], actor=actor)
    elif decision.version_before_id != decision.version_after_id:
        before = decision.version_before_id
        content.restore_version(db, entry_id, language, before, revision=text.revision, actor=actor)
        if decision.published:
            content.publish_text(db, entry_id, language, revision=text.revision, actor=actor)


def _show_again(db: Work, decision: Decision, *, actor: Actor) -> None:
    if decision.published:
        text = content.find_text(db, decision.entry_id or 0, decision.language)
        content.publish_text(db, text.entry_id, text.language, revision=text.revision, actor=actor)


def _undo_place(db: Work, decision: Decision, *, actor: Actor) -> None:
    page_id, standing = decision.entry_id or 0, decision.received["state"]
    if standing == Standing.REMOVED:
        placing.set_archived(db, page_id, False, actor=actor)
    elif standing == Standing.MOVED:
        placing.move_back(db, page_id, decision.before, actor=actor)
    else:
        _uproot(db, page_id, decision.batch, actor=actor)


def _uproot(db: Work, page_id: int, batch: int, *, actor: Actor) -> None:
    """Let a page be new again that was planted, as long as it holds nothing but what was taken with it.

    Whoever may decide about it may do that: to delete what people wrote takes another right, and here is nothing such.
    """
    undone = select(Decision.version_after_id).where(
        Decision.entry_id == page_id, (Decision.batch == batch) | Decision.undone_at.is_not(None)
    )
    known = set(db.scalars(undone))
    if any(text.current_version_id not in known for text in content.texts(db, page_id)):
        raise Conflict("update.changed_since", "Somebody has changed this text since, so it cannot be taken back.")
    db.execute(update(Received).where(Received.entry_id == page_id).values(entry_id=None))
    gardener = replace(actor, rights=None)
    placing.set_archived(db, page_id, True, actor=gardener)
    pages.delete(db, page_id, revision=content.find_entry(db, page_id).revision, actor=gardener)


def _want_again(db: Work, decision: Decision) -> None:
    """What was refused is offered again: all of it, when the city is read anew."""
    if decision.entry_id is not None:
        return
    source_id, there = decision.received["source_id"], decision.received["source_entry_id"]
    declined = db.get(Declined, (db.tenant_id, source_id, there))
    following = db.get(Following, (db.tenant_id, source_id))
    if declined is not None and following is not None:
        db.delete(declined)
        fetching.read_anew(db, following)


def _restore_taken(db: Work, decision: Decision) -> None:
    key = {"tenant_id": db.tenant_id, "entry_id": decision.entry_id, "language": decision.language}
    taken = db.get(TakenText, key)
    if not decision.before:
        if taken is not None:
            db.delete(taken)
        return
    taken = taken or TakenText(**key)
    for name, value in decision.before.items():
        setattr(taken, name, value)
    db.add(taken)


def _put_back(db: Work, decision: Decision) -> Received:
    """The row as it was. What has been received since is newer and stays."""
    said = dict(decision.received)
    same = (Received.source_id == said["source_id"], Received.source_entry_id == said["source_entry_id"])
    newer = db.scalar(select(Received).where(*same, Received.language == said["language"]))
    if newer is not None and newer.digest != said["digest"]:
        return newer
    row = newer or Received(id=said["id"])
    for name, value in said.items():
        setattr(row, name, datetime.fromisoformat(value) if name == _WHEN else value)
    if decision.language == PLACE and said["state"] == Standing.NEW:
        row.entry_id = None
    db.add(row)
    db.flush()
    return row


def outcome(decision: Decision) -> str:
    """Digest of what was decided."""
    return digest(decision.id, decision.verdict, decision.received["digest"], decision.version_after_id)


def about(decision: Decision) -> dict[str, Any]:
    """What a fact about a decision names."""
    entry_id = decision.entry_id or decision.received["source_entry_id"]
    return {"kind": decision.received["kind"], "entry_id": entry_id, "language": decision.language}
