"""Bringing a new list in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import select

from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from .facts import MunicipalitiesBroughtIn
from .models import Municipality
from .rules import MunicipalityFacts

MOST_GONE = 5  # percent; mergers of a year are far fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How many municipalities are new, are called or lie otherwise, are no more, or stay."""

    created: int
    changed: int
    gone: int
    unchanged: int


def bring_in(db: Work, wanted: Collection[MunicipalityFacts], *, shrink: bool = False, actor: Actor) -> Report:
    """Let the directory be this list: all of it or nothing. The same list a second time changes nothing.

    A list that lacks much of what is known is most likely half a file: `Invalid`, unless it may `shrink`.
    """
    known = {row.region: row for row in db.scalars(select(Municipality))}
    before, gone = _mark(known), known.keys() - {one.region for one in wanted}
    if known and not shrink and len(gone) * 100 > len(known) * MOST_GONE:
        said = {"gone": len(gone), "known": len(known)}
        raise Invalid("municipality.gone", say("{gone} of {known} municipalities are missing in this file.", **said))
    created = changed = 0
    for facts in wanted:
        row, plain = known.get(facts.region), asdict(facts)
        if row is None:
            known[facts.region] = row = Municipality(**plain)
            db.add(row)
            created += 1
        elif any(getattr(row, name) != value for name, value in plain.items()):
            for name, value in plain.items():
                setattr(row, name, value)
            changed += 1
    for region in gone:
        db.delete(known.pop(region))
    report = Report(created=created, changed=changed, gone=len(gone), unchanged=len(wanted) - created - changed)
    _announce(db, report, before=before, after=_mark(known), actor=actor)
    return report


def _announce(db: Work, report: Report, *, before: str, after: str, actor: Actor) -> None:
    db.flush()
    if before != after:
        said = {"before": before, "after": after, "note": ", ".join(f"{n} {k}" for k, n in asdict(report).items() if n)}
        tell(db, MunicipalitiesBroughtIn(actor=actor, kind="municipalities", entry_id=0, **said))


def _mark(rows: dict[str, Municipality]) -> str:
    columns = [column.key for column in Municipality.__mapper__.column_attrs]
    return digest([[getattr(row, name) for name in columns] for _, row in sorted(rows.items())])
