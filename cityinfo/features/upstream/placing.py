"""Pages of the other city, in the tree of this one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from cityinfo.features import content, pages
from cityinfo.features.onboarding import Origin
from cityinfo.features.pages import Page
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor

from . import rules, weighing
from .models import PLACE, Received, Subscription, TakenPlace
from .names import Names
from .rules import TREE


def plant(db: Work, row: Received, known: Names, *, actor: Actor) -> int:
    """A new page at its place; its words, which were received as well, can be taken from then on."""
    subscription = db.get(Subscription, (db.tenant_id, row.source_id, row.source_entry_id))
    under = _parent(row, known) if subscription is None else subscription.parent_id
    after = _after(db, row, under) if subscription is None else pages.Place.LAST
    page = pages.plant(db, under=under, after=after, actor=actor)
    db.add(Origin(entry_id=page.id, source=row.source, source_entry_id=row.source_entry_id))
    if subscription is not None:
        subscription.entry_id, subscription.parent_id = page.id, None
    db.flush()
    _note(db, row, page)
    same = (Received.source_id == row.source_id, Received.source_entry_id == row.source_entry_id)
    source_id, source_entry_id = row.source_id, row.source_entry_id
    db.delete(row)
    db.flush()
    db.execute(update(Received).where(*same, Received.language != PLACE).values(entry_id=page.id))
    db.expire_all()
    weighing.weigh_again(db, source_id, [source_entry_id])
    return page.id


def move(db: Work, row: Received, known: Names, *, actor: Actor) -> dict[str, Any]:
    """Move a page here as it was moved there; returns what is needed to move it back."""
    page_id = row.entry_id or 0
    under, page = _parent(row, known), pages.find(db, page_id)
    taken = db.get(TakenPlace, (db.tenant_id, page_id))
    parent, after = pages.place_of(db, page_id)
    before = {"parent": parent, "after": after, "taken": _columns(taken) if taken else None}
    revision = content.find_entry(db, page_id).revision
    pages.move(db, page_id, under=under, after=_after(db, row, under), revision=revision, actor=actor)
    _note(db, row, page)
    return before


def move_back(db: Work, page_id: int, before: dict[str, Any], *, actor: Actor) -> None:
    """Let a page stand where it stood before it was moved."""
    revision, after = content.find_entry(db, page_id).revision, before["after"]
    siblings = {one for one, _ in pages.siblings(db, before["parent"])}
    place = after if after in siblings else pages.Place.FIRST if after is None else pages.Place.LAST
    pages.move(db, page_id, under=before["parent"], after=place, revision=revision, actor=actor)
    taken = db.get(TakenPlace, (db.tenant_id, page_id))
    page = pages.find(db, page_id)
    if taken is not None and before["taken"] is not None:
        for name, value in before["taken"].items():
            setattr(taken, name, value)
        taken.parent_id, taken.position = page.parent_id, page.position
    db.flush()


def set_archived(db: Work, entry_id: int, archived: bool, *, actor: Actor) -> None:
    """Archive an entry of any kind, or bring it back; pages by their own rules."""
    entry = content.find_entry(db, entry_id)
    if entry.kind != TREE:
        content.set_archived(db, entry, archived, revision=entry.revision, actor=actor)
    elif archived:
        pages.archive(db, entry_id, revision=entry.revision, actor=actor)
    else:
        pages.restore(db, entry_id, revision=entry.revision, actor=actor)


def _parent(row: Received, known: Names) -> int | None:
    if row.source_parent_id is None:
        return None
    if row.source_parent_id not in known.here:
        raise Invalid("update.parent", "Take the page above first: this one belongs below it.")
    return known.here[row.source_parent_id]


def _after(db: Work, row: Received, under: int | None) -> int | pages.Place:
    """Behind the page that stands before it there, of those that are here."""
    statement = (
        select(TakenPlace.entry_id, TakenPlace.source_position)
        .join(Page, Page.id == TakenPlace.entry_id)
        .join(Origin, Origin.entry_id == TakenPlace.entry_id)
        .where(Origin.source == row.source, TakenPlace.entry_id != (row.entry_id or 0))
        .where(Page.parent_id.is_(None) if under is None else Page.parent_id == under)
    )
    found = rules.preceding(row.source_position, [(entry, place) for entry, place in db.execute(statement)])
    return pages.Place.FIRST if found is None else found


def _note(db: Work, row: Received, page: Page) -> None:
    taken = db.get(TakenPlace, (db.tenant_id, page.id)) or TakenPlace(entry_id=page.id)
    taken.source_parent_id, taken.source_position = row.source_parent_id, row.source_position
    taken.parent_id, taken.position = page.parent_id, page.position
    db.add(taken)
    db.flush()


def _columns(taken: TakenPlace) -> dict[str, Any]:
    return {"source_parent_id": taken.source_parent_id, "source_position": taken.source_position}
