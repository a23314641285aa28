"""A city's rows, read in one unit of work. Of texts only the newest public and the newest draft version."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from cityinfo.features import content, tenants
from cityinfo.features.content import Text, Version
from cityinfo.kernel.db import Database, Work
from cityinfo.kernel.listing import portions

from .catalogue import CARRIED
from .tables import Row, Shape, shapes

WITHOUT_WORDS = frozenset(CARRIED) - {"version", "text_words", "feed_item", "external_event"}  # all that a plan needs


@dataclass(slots=True)
class Snapshot:
    """What a city had at one moment. `bases` are versions that translators were shown and that have newer ones since:
    text, number and digest. `majors`: per text, numbers of all versions that were not marked minor, up to its public.
    """

    tenant_id: int
    slug: str
    facts: tenants.TenantDraft
    theme: tenants.Theme
    sources: dict[str, str | None]  # the language tree, in its order
    visible: dict[str, tuple[bool, bool]]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    bases: dict[int, tuple[int, int, str]] = field(default_factory=dict)
    last_major: dict[int, int] = field(default_factory=dict)


def read(database: Database, tenant_id: int, *, only: Collection[str] = CARRIED) -> Snapshot:
    """Everything that can travel, or `only` these tables of it."""
    with database.unit_of_work(tenant_id) as db:
        tree = tenants.tree(db)
        found = Snapshot(
            tenant_id=tenant_id,
            slug=tenants.own(db).slug,
            facts=tenants.facts_of(db),
            theme=tenants.theme(db),
            sources={language: row.source for language, row in tree.items()},
            visible={language: (row.visible, row.active) for language, row in tree.items()},
        )
        for shape in shapes().values():
            if shape.name in only:
                found.rows[shape.name] = list(_versions(db, shape) if shape.name == "version" else _rows(db, shape))
        if "version" in only:
            _read_bases(db, found)
        return found


def titles(database: Database, tenant_id: int, entry_ids: Collection[int]) -> dict[int, str]:
    """What entries are called, in any language."""
    with database.unit_of_work(tenant_id) as db:
        order = list(tenants.tree(db))
        found = content.titles_of(db, list(entry_ids))
        return {entry_id: content.name(named, *order)[0] for entry_id, named in found.items()}


def _rows(db: Work, shape: Shape) -> Iterator[Row]:
    statement = select(*_columns(shape))
    for row in db.execute(statement):
        yield dict(zip(shape.columns, row, strict=True))


def _versions(db: Work, shape: Shape) -> Iterator[Row]:
    """By identity: to join them, PostgreSQL would compare all with all in a city that was itself written just now."""
    both = db.execute(select(Text.current_version_id, Text.public_version_id)).all()
    for ids in portions({one for row in both for one in row if one is not None}):
        for row in db.execute(select(*_columns(shape)).where(Version.id.in_(ids))):
            yield dict(zip(shape.columns, row, strict=True))


def _columns(shape: Shape) -> list[Any]:
    return [getattr(shape.model, column) for column in shape.columns]


def _read_bases(db: Work, found: Snapshot) -> None:
    carried = {row["id"] for row in found.rows["version"]}
    missing = {row["based_on_id"] for row in found.rows["version"]} - carried - {None}
    for ids in portions(missing):
        statement = select(Version.id, Version.text_id, Version.number, Version.digest).where(Version.id.in_(ids))
        found.bases.update({row[0]: (row[1], row[2], row[3]) for row in db.execute(statement)})
    for ids in portions({base[0] for base in found.bases.values()}):
        found.last_major.update(_last_majors(db, ids))


def _last_majors(db: Work, text_ids: Collection[int]) -> Mapping[int, int]:
    """The newest version of each text that was not marked minor, up to the one that readers see."""
    shown = (
        select(Text.id, Version.number.label("number"))
        .join(Version, Version.id == Text.public_version_id)
        .where(Text.id.in_(text_ids))
    )
    public = {row[0]: row[1] for row in db.execute(shown)}
    majors = select(Version.text_id, Version.number).where(Version.text_id.in_(text_ids), Version.minor.is_(False))
    found: dict[int, int] = {}
    for text_id, number in db.execute(majors):
        if number <= public.get(text_id, 0):
            found[text_id] = max(number, found.get(text_id, 0))
    return found
