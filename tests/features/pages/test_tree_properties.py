"""Whatever editors do, in whatever order or at once: no page and no word is lost, and readers see the truth."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import audit, content, pages, publishing
from cityinfo.features.content import TextDraft
from cityinfo.kernel.db import TenantClock
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.facts import Actor
from tests.factories import City, make_city, plant, translate
from tests.histories import number_of_histories

REFUSALS = (Conflict, Invalid, NotFound)
LANGUAGES = ("de", "en")
PLACE_ALONE = {"move", "shift", "archive", "restore"}
ACTIONS = ("create", "save", "save", "publish", "publish", "publish", "take_offline", "take_offline")
ACTIONS += ("move", "move", "move", "shift", "shift", "archive", "restore", "restore", "delete", "mirror", "unmirror")
# What a save or a move makes of it: plain words, a link or a place beside, another address or the first place.
WORDS = ("Wort", "Verweis", "Adresse", "Null\0zeichen")


@dataclass
class Newsroom:
    """A city, and what its editors were told: which pages there are, which words were kept."""

    city: City
    pages: list[int] = field(default_factory=list)
    kept: dict[int, tuple[int, str]] = field(default_factory=dict)  # version: page, content

    def pick(self, number: int) -> int:
        return self.pages[number % len(self.pages)] if self.pages else 0


@dataclass
class Editor:
    """Someone who works from what they last looked at, so that others may have been faster."""

    name: str
    room: Newsroom
    seen: dict[int, int] = field(default_factory=dict)
    seen_texts: dict[tuple[int, str], int] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return Actor("editor", self.name)

    def look(self) -> None:
        with self.room.city.read() as db:
            self.seen = {node.id: node.revision for node in pages.tree(db)}
            texts = db.execute(select(content.Text.entry_id, content.Text.language, content.Text.revision))
            self.seen_texts = {(page_id, language): revision for page_id, language, revision in texts}

    def do(self, action: str, one: int, two: int, word: str) -> None:
        """Try it; raises what the product refuses with."""
        page_id, other, language = self.room.pick(one), self.room.pick(two), LANGUAGES[two % len(LANGUAGES)]
        with self.room.city.write() as db:
            told = getattr(self, f"_{action}")(db, page_id, other, language, word)
        self._note(action, page_id, told)

    def _note(self, action: str, page_id: int, told: object) -> None:
        """What counts from the moment the unit of work was acknowledged."""
        if action == "create":
            self.room.pages.append(told.id)
            self.seen[told.id] = self.seen_texts[told.id, "de"] = 1
        elif action == "save":
            self.room.kept[told.id] = (page_id, told.content)
        elif action == "delete":
            self.room.pages.remove(page_id)
            self.room.kept = {version: kept for version, kept in self.room.kept.items() if kept[0] != page_id}

    def _at(self, page_id: int) -> dict[str, object]:
        return {"revision": self.seen.get(page_id, 1), "actor": self.actor}

    def _create(self, db, page_id, other, language, word):
        draft = TextDraft(title=word, content=f"<p>{word}</p>")
        return pages.create(db, draft, language="de", under=page_id or None, actor=self.actor)

    def _save(self, db, page_id, other, language, word):
        link = f'<a href="entry:{other}">da</a>' if word == "Verweis" else ""
        slug = f"{word.lower()}-{page_id}" if word == "Adresse" else None
        draft = TextDraft(
            title=word,
            content=f"<p>{self.name}: {word} {link}</p>",
            revision=self.seen_texts.get((page_id, language), 0),
            slug=slug,
        )
        return pages.save_text(db, page_id, language, draft, actor=self.actor)

    def _publish(self, db, page_id, other, language, word):
        revision = self.seen_texts.get((page_id, language), 1)
        pages.publish(db, page_id, language, revision=revision, actor=self.actor)

    def _take_offline(self, db, page_id, other, language, word):
        pages.take_offline(db, page_id, [language], actor=self.actor)

    def _move(self, db, page_id, other, language, word):
        under = None if word == "Wort" else other
        if word == "Verweis":  # beside the other one
            under = pages.find(db, other).parent_id
            pages.move(db, page_id, under=under, after=other, **self._at(page_id))
            return
        after = pages.Place.FIRST if word == "Adresse" else pages.Place.LAST
        pages.move(db, page_id, under=under, after=after, **self._at(page_id))

    def _shift(self, db, page_id, other, language, word):
        way = dict(zip(WORDS, pages.Way, strict=True))[word]
        pages.shift(db, page_id, way, **self._at(page_id))

    def _archive(self, db, page_id, other, language, word):
        pages.archive(db, page_id, **self._at(page_id))

    def _restore(self, db, page_id, other, language, word):
        pages.restore(db, page_id, **self._at(page_id))

    def _delete(self, db, page_id, other, language, word):
        pages.delete(db, page_id, **self._at(page_id))

    def _mirror(self, db, page_id, other, language, word):
        pages.mirror(db, page_id, of=other, first=word == "Wort", **self._at(page_id))

    def _unmirror(self, db, page_id, other, language, word):
        pages.mirror(db, page_id, of=None, **self._at(page_id))


def check(room: Newsroom) -> None:
    """What must hold after every step."""
    with room.city.read() as db:
        nodes = pages.tree(db)
        documents = {
            language: [orjson.loads(payload) for payload in publishing.payloads(db, language, "page")]
            for language in LANGUAGES
        }
        versions = dict(db.execute(select(content.Version.id, content.Version.content)).all())
        assert list(registry.PROJECTOR.verify(db)) == []
        assert audit.verify(db).fault == ""
    check_tree(nodes, room.pages)
    assert {version: kept for version, (_, kept) in room.kept.items()}.items() <= versions.items()
    for found in documents.values():
        public = {document["id"] for document in found}
        assert {document["parent"] for document in found} <= public | {None}


def check_tree(nodes: list[pages.Node], expected: list[int]) -> None:
    """Every page can be reached from above, once, and siblings stand in one certain order."""
    assert sorted(node.id for node in nodes) == sorted(expected)
    positions: dict[int | None, list[str]] = {}
    for node in nodes:
        positions.setdefault(node.parent_id, []).append(node.position)
    for found in positions.values():
        assert found == sorted(set(found))


@dataclass(frozen=True)
class Shot:
    """All rows that an action could have changed, and how fresh every translation is."""

    rows: list[list[tuple[object, ...]]]
    states: dict[tuple[int, str], content.State]


def take_shot(city: City) -> Shot:
    tables = (TenantClock, pages.Page, content.Entry, content.Text, content.Version, content.Address)
    tables += (content.Reference, publishing.Published, publishing.Head, audit.AuditRow)
    with city.read() as db:
        found = [db.execute(select(*table.__table__.c).add_columns(table.tenant_id)).all() for table in tables]
        states = content.states(db, [node.id for node in pages.tree(db)])
    return Shot([sorted(map(tuple, rows), key=repr) for rows in found], states)


STEPS = st.tuples(
    st.integers(0, 1),
    st.sampled_from([True, True, False]),
    st.sampled_from(ACTIONS),
    st.integers(0, 11),
    st.integers(0, 11),
    st.sampled_from(WORDS),
)


def grow(city: City) -> list[int]:
    """A chapter of three levels in two languages, and a page beside it in one."""
    chapter: list[int] = []
    for title in ("Oben", "Mitte", "Unten"):
        chapter.append(plant(city, title, under=chapter[-1] if chapter else None))
        translate(city, chapter[-1], "en", f"{title}, translated")
    return [*chapter, plant(city, "Daneben")]


def step(room: Newsroom, before: Shot, editor: Editor, looks: bool, action: str, *details: object) -> Shot:
    """One step of one editor. A refusal changes nothing; a page's place says nothing about its translations."""
    if looks:
        editor.look()
    try:
        editor.do(action, *details)
    except REFUSALS:
        after = take_shot(room.city)
        assert after == before
        return after
    after = take_shot(room.city)
    if action in PLACE_ALONE:
        assert after.states == before.states
    check(room)
    return after


@pytest.mark.slow
def test_two_editors_in_turn_break_nothing(database):
    # Making a sequence that fails shorter would take longer than a test may.
    phases = [phase for phase in Phase if phase is not Phase.shrink]

    @examples(
        max_examples=number_of_histories(database, 8),
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=10, max_size=30))
    def in_turn(steps):
        city = make_city(database, f"stadt-{database.identities.next()}")
        room = Newsroom(city, grow(city))
        editors = [Editor("eva", room), Editor("karim", room)]
        for editor in editors:
            editor.look()
        shot = take_shot(city)
        for number, *details in steps:
            shot = step(room, shot, editors[number], *details)

    in_turn()


@pytest.mark.slow
@pytest.mark.parametrize("people", [2, 4])
def test_editors_at_the_same_time_break_nothing(city, people):
    room = Newsroom(city, grow(city))
    together = Barrier(people)

    def work(number: int) -> int:
        chance = random.Random(number)
        editor = Editor(f"editor-{number}", room)
        together.wait()
        done = 0
        for _ in range(60 // people):
            if chance.random() < 0.4:
                editor.look()
            numbers = (chance.randrange(12), chance.randrange(12))
            try:
                editor.do(chance.choice(ACTIONS), *numbers, chance.choice(WORDS))
                done += 1
            except REFUSALS:
                continue
        return done

    with ThreadPoolExecutor(people) as pool:
        done = list(pool.map(work, range(people)))
    assert min(done) > 0
    check(room)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_page_that_links_to_itself_can_be_deleted(city):
    room = Newsroom(city, [plant(city, "Oben")])
    editor = Editor("eva", room)
    for action, word in (("save", "Verweis"), ("archive", ""), ("delete", "")):
        editor.look()
        editor.do(action, 0, 0, word)
    check(room)
    assert room.pages == []
