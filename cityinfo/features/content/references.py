"""What leads from one entry to another: references from words, relations from what stands beside them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import delete, select

from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid

from . import queries, rules
from .models import LINK, Entry, Reference, Relation, Text

_NAMED = (Reference.role, Reference.to_entry_id, Reference.language)


class Named(NamedTuple):
    """An entry that words lead to, or show in a role; `language` is the one that a link insists on."""

    role: str
    to_entry_id: int
    language: str


def relate(db: Work, entry: Entry, role: str, targets: Sequence[int], *, kind: str) -> bool:
    """Relate an entry in a role to exactly these of a kind, in order; returns whether that is new.

    Raises `Invalid` when one is not there or is of another kind. The caller counts the change.
    """
    rows = db.scalars(select(Relation).where(Relation.entry_id == entry.id, Relation.role == role)).all()
    known = [row.to_entry_id for row in sorted(rows, key=lambda row: row.position)]
    wanted = list(dict.fromkeys(targets))
    if known == wanted:
        return False
    _check_kinds(db, {(kind, target) for target in wanted})
    for row in rows:
        db.delete(row)
    db.flush()
    for position, target in enumerate(wanted):
        db.add(Relation(entry_id=entry.id, role=role, to_entry_id=target, position=position))
    db.flush()
    return True


def check(db: Work, content: str) -> None:
    """Whatever a text leads to or shows is there; `Invalid` names what is not."""
    _check_kinds(db, {("", entry_id) for entry_id, _ in html.references(content)} | html.shown(content))


def _check_kinds(db: Work, wanted: Collection[tuple[str, int]]) -> None:
    """Each of these is an entry of this city, and of this kind; an empty kind means any."""
    ids = {entry_id for _, entry_id in wanted}
    rows = db.execute(select(Entry.id, Entry.kind).where(Entry.id.in_(ids))).all() if ids else ()
    kinds = {row.id: row.kind for row in rows}
    for kind, entry_id in sorted(wanted):
        if entry_id not in kinds or kind not in ("", kinds[entry_id]):
            raise Invalid("text.reference", rules.leads_nowhere(kind, entry_id))


def keep(db: Work, text: Text) -> None:
    """Note what a text leads to and shows: what editors have now, and what readers see of it.

    Most versions lead where the one before did, so only what differs is written.
    """
    versions = (queries.version(db, one) for one in (text.current_version_id, text.public_version_id))
    wanted = set[Named]().union(*(_named(one.content) for one in versions if one))
    of_text = Reference.text_id == text.id
    known = {Named(*row) for row in db.execute(select(*_NAMED).where(of_text))}
    left = {one.to_entry_id for one in known - wanted}
    if left:
        db.execute(delete(Reference).where(of_text, Reference.to_entry_id.in_(left)))
    own = {"tenant_id": db.tenant_id, "text_id": text.id, "entry_id": text.entry_id}
    rows = [{**own, **one._asdict()} for one in wanted if one not in known or one.to_entry_id in left]
    if rows:
        db.bulk_insert_mappings(Reference, rows)  # objects of the session would take longer than all else


def _named(content: str) -> set[Named]:
    links = {Named(LINK, entry_id, language) for entry_id, language in html.references(content)}
    return links | {Named(role, shown, "") for role, shown in html.shown(content)}
