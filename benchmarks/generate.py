"""Generated cities: what editors' actions would have left behind, written in bulk because actions take minutes.

Only the audit log is shorter. `PROJECTOR.verify` finds nothing, and editing goes on from here as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from fractional_indexing import generate_key_between
from sqlalchemy import insert, update

from benchmarks import happenings
from benchmarks.words import LANGUAGES, Author, Words
from cityinfo import registry
from cityinfo.features import content, events, locations, pages, tenants
from cityinfo.features.content import Address, Entry, Relation, Text, Version
from cityinfo.features.events import Event
from cityinfo.features.locations import InCategory, Location
from cityinfo.features.pages import Page
from cityinfo.kernel import clock, html
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.facts import Actor

GENERATOR = Actor("import", "benchmark")
_SHORT = 1_000  # bytes of what is said of a place or an event
_DIFFERENT = 20  # neighbours whose words differ
_SAVED_AND_PUBLISHED = 2  # revision of such a text

Row = dict[str, Any]
Key = tuple[int, str]  # entry and language


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large a city is. `branches` says how many pages hang under each of the level above; the rest hangs below."""

    pages: int
    branches: tuple[int, ...]
    languages: Sequence[str]
    size: int = 2_000  # bytes of each text
    locations: int = 0
    events: int = 0  # each at one of the locations


LARGE = Shape(pages=300, branches=(10, 5), languages=LANGUAGES)
FULL = replace(LARGE, locations=500, events=500)
NEIGHBOUR = Shape(pages=20, branches=(4, 2), languages=LANGUAGES[:2])


@dataclass(frozen=True, slots=True)
class _Node:
    id: int
    parent: int | None
    position: str


def generate_city(database: Database, slug: str, shape: Shape, *, seed: int = 0) -> int:
    """A city of this shape with every text public; returns its identity."""
    tenant_id = database.identities.next()
    with database.unit_of_work(tenant_id, write=True) as db:
        root, *others = (tenants.LanguageChoice(slug=one) for one in shape.languages)
        tree = [root, *(tenants.LanguageChoice(slug=one.slug, source=root.slug) for one in others)]
        offered = dict.fromkeys(("locations", "events"), bool(shape.locations))
        draft = tenants.TenantDraft(slug=slug, name=slug.capitalize(), latitude=48.3, longitude=10.9, features=offered)
        tenants.create(db, draft, languages=tree, actor=GENERATOR)
        db.deliver()  # told later, new languages of a city that has documents would end every follower's copy
        _fill(db, shape, seed)
        registry.PROJECTOR.rebuild(db)
    return tenant_id


def generate_neighbours(database: Database, *, up_to: int) -> None:
    """Small cities, until there are so many. Some say what others say: inventing words is half of the work."""
    with database.unit_of_work(NO_TENANT) as db:
        known = {tenant.slug for tenant in tenants.directory(db)}
    for number in range(up_to):
        if neighbour(number) not in known:
            generate_city(database, neighbour(number), NEIGHBOUR, seed=number % _DIFFERENT)


def neighbour(number: int) -> str:
    """The address of a small city."""
    return f"neighbour-{number}"


def _fill(db: Work, shape: Shape, seed: int) -> None:
    nodes = list(_tree(db, shape))
    fill_entries(db, pages.KIND, [node.id for node in nodes], shape.languages, size=shape.size, seed=seed)
    db.execute(insert(Page), [_page(db, node) for node in nodes])
    places = [db.new_id() for _ in range(shape.locations)]
    dates = [db.new_id() for _ in range(shape.events)]
    if places:
        fill_entries(db, locations.KIND, places, shape.languages, size=_SHORT, seed=seed)
        db.execute(insert(Location), list(happenings.location_rows(db, places)))
        db.execute(insert(InCategory), list(happenings.category_rows(db, places)))
    if dates:
        fill_entries(db, events.KIND, dates, shape.languages, size=_SHORT, seed=seed)
        db.execute(insert(Event), list(happenings.event_rows(db, dates)))
        db.execute(insert(Relation), list(happenings.venue_rows(db, dates, places)))


def fill_entries(
    db: Work, kind: str, entry_ids: Sequence[int], languages: Sequence[str], *, size: int, seed: int = 0
) -> None:
    """Entries of a kind with a public text in every language; what the kind's own table says is the caller's."""
    now = clock.now()
    texts = {(entry_id, language): db.new_id() for entry_id in entry_ids for language in languages}
    versions = {key: db.new_id() for key in texts}
    words = _written(languages, entry_ids, size, seed)
    db.execute(insert(Entry), [_entry(db, kind, entry_id, now) for entry_id in entry_ids])
    db.execute(insert(Text), [_text(db, key, text_id) for key, text_id in texts.items()])
    rows = [_version(db, key, texts, versions, words[key], languages[0], now) for key in texts]
    db.execute(insert(Version), sorted(rows, key=lambda row: row["based_on_id"] is not None))
    db.execute(insert(Address), [_address(db, kind, key, words[key]) for key in texts])
    db.execute(update(Text), [_publication(db, texts[key], versions[key]) for key in texts])


def _tree(db: Work, shape: Shape) -> Iterator[_Node]:
    """Nodes, parents before children."""
    last: dict[int | None, str | None] = {}
    level: list[int | None] = [None]
    left = shape.pages

    def plant(parent: int | None) -> _Node:
        last[parent] = generate_key_between(last.get(parent), None)
        return _Node(db.new_id(), parent, last[parent] or "")

    for branches in shape.branches:
        nodes = [plant(parent) for parent in level for _ in range(branches)]
        yield from nodes
        level = [node.id for node in nodes]
        left -= len(nodes)
    for number in range(left):
        yield plant(level[number % len(level)])


def _written(languages: Sequence[str], entry_ids: Sequence[int], size: int, seed: int) -> dict[Key, Words]:
    found: dict[Key, Words] = {}
    for language in languages:
        texts = _texts(language, seed, len(entry_ids), size)
        found.update({(entry_id, language): words for entry_id, words in zip(entry_ids, texts, strict=True)})
    return found


@lru_cache(maxsize=3 * _DIFFERENT)
def _texts(language: str, seed: int, count: int, size: int) -> list[Words]:
    author = Author(language, seed)
    found = [author.write(number, size=size) for number in range(1, count + 1)]
    return [replace(words, content=html.sanitise(words.content)) for words in found]


def _entry(db: Work, kind: str, entry_id: int, now: datetime) -> Row:
    return {"tenant_id": db.tenant_id, "id": entry_id, "kind": kind, "revision": 1, "created_at": now}


def _page(db: Work, node: _Node) -> Row:
    return {
        "tenant_id": db.tenant_id,
        "id": node.id,
        "parent_id": node.parent,
        "position": node.position,
        "mirrored_first": False,
        "thumbnail": "",
    }


def _text(db: Work, key: Key, text_id: int) -> Row:
    return {
        "tenant_id": db.tenant_id,
        "id": text_id,
        "entry_id": key[0],
        "language": key[1],
        "revision": _SAVED_AND_PUBLISHED,
        "review_state": "",
        "review_message": "",
        "assignee": "",
    }


def _version(
    db: Work,
    key: Key,
    texts: Mapping[Key, int],
    versions: Mapping[Key, int],
    words: Words,
    root: str,
    now: datetime,
) -> Row:
    return {
        "tenant_id": db.tenant_id,
        "id": versions[key],
        "text_id": texts[key],
        "number": 1,
        "title": words.title,
        "content": words.content,
        "digest": _digest(words),
        "based_on_id": None if key[1] == root else versions[key[0], root],
        "minor": False,
        "origin": content.HUMAN,
        "author": str(GENERATOR),
        "created_at": now,
        "changed_at": now,
    }


@lru_cache(maxsize=10_000)
def _digest(words: Words) -> str:
    return html.digest(words.title, words.content)


def _address(db: Work, kind: str, key: Key, words: Words) -> Row:
    return {
        "tenant_id": db.tenant_id,
        "language": key[1],
        "kind": kind,
        "slug": content.slug_from(words.title),
        "entry_id": key[0],
        "role": content.CURRENT,
    }


def _publication(db: Work, text_id: int, version_id: int) -> Row:
    both = {"current_version_id": version_id, "public_version_id": version_id}
    return {"tenant_id": db.tenant_id, "id": text_id, **both}
