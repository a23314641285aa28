"""Entries of every type from files beside a tenant's pages: one file a kind, with words in every language.

A file has a list of ``[[entry]]``: a `key` by which other entries name it, what its type says of it, and for each
language a table of words. An entry is found again by the address that its title makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityinfo.features import content, organizations, tenants
from cityinfo.features.content import TextDraft
from cityinfo.features.organizations import OrganizationFacts
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor

from .archive import read_toml
from .dumps import naming

Row = Mapping[str, Any]
DEMO = Actor("import", "demo")


class Keys:
    """What entries are called in the files, and who they are in the database."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}

    def note(self, kind: str, key: str, entry_id: int) -> None:
        self._known[kind, key] = entry_id

    def one(self, kind: str, key: str | None) -> int | None:
        return None if key is None else self.many(kind, [key])[0]

    def many(self, kind: str, keys: list[str]) -> list[int]:
        for key in keys:
            if (kind, key) not in self._known:
                raise Invalid("entries.key", f"there is no {kind} “{key}” before this one.")
        return [self._known[kind, key] for key in keys]


@dataclass(frozen=True, slots=True)
class Reader:
    """How the entries of one file are made."""

    kind: str
    file: str
    create: Callable[[Work, Row, Keys], int]


def import_entries(database: Database, slug: str, folder: Path) -> int:
    """Create what is new and save what says something else, all or nothing; returns how many entries are new."""
    with database.unit_of_work(_tenant_id(database, slug), write=True) as db:
        keys = Keys()
        return sum(_import_file(db, reader, folder / reader.file, keys) for reader in READERS)


def _tenant_id(database: Database, slug: str) -> int:
    with database.unit_of_work(NO_TENANT) as db:
        return tenants.find(db, slug).id


def _import_file(db: Work, reader: Reader, file: Path, keys: Keys) -> int:
    if not file.exists():
        return 0
    rows = read_toml(file).get("entry", [])
    with naming(str(file)):
        return sum(_import_row(db, reader, row, keys) for row in rows)


def _import_row(db: Work, reader: Reader, row: Row, keys: Keys) -> int:
    languages = [language for language in tenants.tree(db) if language in row]
    if not languages:
        raise Invalid("entries.words", f"“{row['key']}” has no words in any language of the city.")
    with naming(f"“{row['key']}”"):
        known = _known(db, reader, languages[0], row[languages[0]]["title"])
        entry_id = known or reader.create(db, row, keys)
        keys.note(reader.kind, row["key"], entry_id)
        for language in languages:
            _say(db, entry_id, language, row[language])
    return int(known is None)


def _known(db: Work, reader: Reader, language: str, title: str) -> int | None:
    return content.entry_at(db, reader.kind, language, content.slug_from(title))


def _say(db: Work, entry_id: int, language: str, words: Row) -> None:
    text = content.text_of(db, entry_id, language)
    draft = TextDraft(title=words["title"], content=words.get("content", ""), revision=text.revision if text else 0)
    content.save_text(db, entry_id, language, draft, actor=DEMO)
    revision = content.find_text(db, entry_id, language).revision
    content.publish_text(db, entry_id, language, revision=revision, actor=DEMO)


def _organization(db: Work, row: Row, keys: Keys) -> int:
    facts = OrganizationFacts(
        sort=row.get("sort", "other"),
        website=row.get("website", ""),
        seal=row.get("seal", ""),
        part_of=keys.one(organizations.KIND, row.get("part_of")),
        project_of=keys.many(organizations.KIND, row.get("project_of", [])),
        partners=keys.many(organizations.KIND, row.get("partners", [])),
    )
    return organizations.create(db, facts, actor=DEMO).id


# In this order: an entry names only those before it.
READERS = (Reader(organizations.KIND, "organizations.toml", _organization),)
