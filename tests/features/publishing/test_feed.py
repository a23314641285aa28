"""Whoever only follows the feed ends with exactly what readers see."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import orjson
import pytest
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import content, pages, publishing, tenants
from cityinfo.features.content import TextDraft
from cityinfo.features.tenants import LanguageChoice
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import TenantClock
from cityinfo.kernel.errors import Conflict, Gone, Invalid, NotFound
from tests.factories import EDITOR, archive, delete, make_city, move, plant, restore, save, take_offline, translate

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
LANGUAGES = ("de", "en")


class Follower:
    """An app that keeps what the feed tells it and nothing else."""

    def __init__(self, city, language="de"):
        self.city, self.language = city, language
        self.held = {}
        self.cursor = None
        self.gone = set()
        self.last = (0, "", 0)

    def catch_up(self, *, most=3):
        more = True
        while more:
            more = self._read(most)
        return self

    def _read(self, most):
        with self.city.read() as db:
            found = publishing.changes(db, self.language, since=self.cursor, most=most)
        for change in found.items:
            place = (change.seq, change.kind, change.entry_id)
            assert place > self.last, "the feed went back"
            self.last = place
            self._keep(change)
        self.cursor = str(found.cursor)
        return found.more

    def _keep(self, change):
        key = (change.kind, change.entry_id)
        if change.payload is None:
            self.held.pop(key, None)
            self.gone.add(key)
        else:
            self.held[key] = change.payload

    def titles(self):
        return {orjson.loads(payload)["title"] for (kind, _), payload in self.held.items() if kind == "page"}


def written_last(city):
    """How many documents of each language and kind the last unit of work wrote."""
    with city.read() as db:
        newest = db.scalar(select(TenantClock.seq))
        rows = db.execute(
            select(publishing.Published.language, publishing.Published.kind).where(publishing.Published.seq == newest)
        )
        return Counter(f"{language or '*'} {kind}" for language, kind in rows)


def choose_languages(city, *languages):
    with city.write() as db:
        choices = [
            LanguageChoice(slug=one, source=languages[0] if number else None) for number, one in enumerate(languages)
        ]
        tenants.set_languages(db, choices, actor=EDITOR)


def set_status(city, status):
    with city.write() as db:
        tenants.set_status(db, status, actor=EDITOR)


def work_off(city):
    """Do what was promised, as a worker would; returns the names of the jobs."""
    with city.read() as db:
        names = [job.name for job in db.scalars(select(jobs.Job).where(jobs.Job.finished_at.is_(None)))]
    for tenant_id, job_id in jobs.sweep(city.database):
        jobs.run_job(city.database, registry.JOBS, tenant_id, job_id)
    return names


def faults(city):
    with city.read() as db:
        return list(registry.PROJECTOR.verify(db))


def epoch(city):
    with city.read() as db:
        return db.scalar(select(TenantClock.epoch))


@pytest.fixture
def chapter(city):
    """A page in two languages with 15 pages below it."""
    with city.write() as db:
        ids = []
        for number in range(16):
            draft = TextDraft(title=f"Seite {number}", content="<p>Text</p>")
            ids.append(pages.create(db, draft, language="de", under=ids[0] if ids else None, actor=EDITOR).id)
            pages.save_text(db, ids[-1], "en", TextDraft(title=f"Page {number}", content=""), actor=EDITOR)
            for language in LANGUAGES:
                pages.publish(db, ids[-1], language, revision=1, actor=EDITOR)
    return ids[0]


class Typist:
    """An editor in a hurry."""

    def __init__(self, city, number, room):
        self.city, self.room, self.chance = city, room, random.Random(number)

    def work(self, times):
        for _ in range(times):
            try:
                self._do_something()
            except (Conflict, Invalid, NotFound):
                continue

    def _do_something(self):
        page, other = self.chance.choice(self.room), self.chance.choice(self.room)
        language, word = self.chance.choice(LANGUAGES), f"Wort {self.chance.random()}"
        actions = [
            lambda: save(self.city, page, language, title=word, content=f"<p>{word}</p>"),
            lambda: save(self.city, page, language, title=word, content=f"<p>{word}</p>", slug=f"{word[5:]}-{page}"),
            lambda: self.room.append(plant(self.city, word, under=other)),
            lambda: move(self.city, page, under=other),
            lambda: take_offline(self.city, page, [language]),
            lambda: archive(self.city, page),
            lambda: restore(self.city, page),
            lambda: delete(self.city, page),
        ]
        self.chance.choices(actions, weights=[4, 1, 2, 2, 1, 1, 2, 2])[0]()


@pytest.mark.slow
def test_a_follower_of_the_feed_ends_with_the_full_set_whatever_editors_do_meanwhile(city):
    room = [plant(city, title) for title in ("Eins", "Zwei", "Drei")]
    for page in room:
        translate(city, page, "en", f"Page {page}")
    finished = Event()

    def follow(language):
        follower = Follower(city, language)
        while not finished.wait(0.01):
            follower.catch_up()
        return follower.catch_up()

    with ThreadPoolExecutor(6) as pool:
        followers = [pool.submit(follow, language) for language in LANGUAGES]
        typists = [pool.submit(Typist(city, number, room).work, 14) for number in range(4)]
        try:
            for typist in typists:
                typist.result()
        finally:
            finished.set()
    for follower in (one.result() for one in followers):
        everything = Follower(city, follower.language).catch_up(most=10_000)
        assert follower.held == everything.held
        assert follower.gone
    assert faults(city) == []


# What a follower is told


@on_one_database
def test_a_page_taken_offline_arrives_as_a_tombstone(city):
    page = plant(city, "Wohnen")
    follower = Follower(city).catch_up()
    take_offline(city, page, ["de"])
    follower.catch_up()
    assert follower.gone == {("page", page), ("outline_page", page)}
    assert follower.held == {}


@on_one_database
def test_a_deleted_page_arrives_as_a_tombstone(city):
    page = plant(city, "Wohnen")
    follower = Follower(city).catch_up()
    archive(city, page)
    delete(city, page)
    assert ("page", page) in follower.catch_up().gone


@on_one_database
def test_a_page_that_comes_back_arrives_again(city):
    page = plant(city, "Wohnen")
    follower = Follower(city).catch_up()
    archive(city, page)
    follower.catch_up()
    restore(city, page)
    assert follower.catch_up().titles() == {"Wohnen"}


@on_one_database
def test_who_starts_anew_hears_nothing_of_what_is_gone(city):
    page = plant(city, "Wohnen")
    take_offline(city, page, ["de"])
    follower = Follower(city).catch_up(most=100)
    assert (follower.held, follower.gone) == ({}, set())


@on_one_database
def test_nothing_new_means_nothing_to_read_and_the_same_cursor(city):
    plant(city, "Wohnen")
    follower = Follower(city).catch_up()
    before = follower.cursor
    plant(city, "Entwurf", public=False)
    assert follower.catch_up().cursor == before


@on_one_database
def test_another_language_does_not_disturb_a_follower(city):
    page = plant(city, "Wohnen")
    follower = Follower(city).catch_up()
    translate(city, page, "en", "Housing")
    follower.catch_up()
    assert follower.titles() == {"Wohnen"}
    assert orjson.loads(follower.held["outline_page", page])["texts"].keys() == {"de", "en"}


@on_one_database
def test_an_empty_citys_feed_is_empty_and_can_be_continued(city):
    follower = Follower(city).catch_up()
    plant(city, "Wohnen")
    assert follower.catch_up().titles() == {"Wohnen"}


# Cursors


@on_one_database
def test_a_cursor_that_cannot_be_continued_is_gone(city):
    plant(city, "Wohnen")
    Follower(city).catch_up()
    now = epoch(city)
    for cursor in (f"{now + 1}-1", f"{now}-1000", f"{now}-{2**63 - 1}-page-1"):
        with city.read() as db, pytest.raises(Gone):
            publishing.changes(db, "de", since=cursor, most=3)


@on_one_database
@pytest.mark.parametrize(
    "cursor",
    ["x", "1", "1-", "-1-2", "1-2-3", "1-2-page", f"1-{2**63}", "1-2-page-99999999999999999999", "1-2' OR 1=1"],
)
def test_rubbish_is_no_cursor(city, cursor):
    with city.read() as db, pytest.raises(Invalid, match="no cursor"):
        publishing.changes(db, "de", since=cursor, most=3)


def test_tombstones_stay_for_ninety_days_and_then_everyone_starts_again(city, other_city, monkeypatch):
    page, stays = plant(city, "Wohnen"), plant(city, "Arbeit")
    plant(other_city, "Fremd")
    take_offline(city, page, ["de"])
    follower, neighbour = Follower(city).catch_up(), Follower(other_city).catch_up()
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(days=89))
    assert publishing.purge(city.database) == 0
    follower.catch_up()
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(days=91))
    assert publishing.purge(city.database) == 1
    with pytest.raises(Gone):
        follower.catch_up()
    neighbour.catch_up()
    with city.read() as db:
        assert set(db.scalars(select(publishing.Published.entry_id))) == {stays}
    assert publishing.purge(city.database) == 0
    assert faults(city) == []


# Languages and tenants come and go


def test_switching_a_language_off_and_on_again_makes_everyone_start_anew(city):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    follower = Follower(city, "en").catch_up()
    choose_languages(city, "de", "ar")
    with pytest.raises(Gone):
        follower.catch_up()
    assert work_off(city) == [publishing.REBUILD]
    assert (Follower(city, "en").catch_up().titles(), Follower(city).catch_up().titles()) == (set(), {"Wohnen"})
    assert faults(city) == []
    choose_languages(city, "de", "en", "ar")
    assert work_off(city) == [publishing.REBUILD]
    assert Follower(city, "en").catch_up().titles() == {"Housing"}
    assert faults(city) == []


@on_one_database
def test_an_edit_between_the_switch_and_its_job_is_not_lost(city):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    choose_languages(city, "de")
    save(city, page, "en", title="Homes")
    save(city, page, title="Daheim")
    work_off(city)
    assert faults(city) == []
    choose_languages(city, "de", "en")
    work_off(city)
    assert Follower(city, "en").catch_up().titles() == {"Homes"}


@on_one_database
def test_a_city_that_has_published_nothing_needs_no_rebuild(city):
    choose_languages(city, "de", "en")
    assert work_off(city) == []


@on_one_database
def test_archiving_a_city_removes_its_documents_and_bringing_it_back_restores_them(city):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    set_status(city, tenants.ARCHIVED)
    work_off(city)
    assert Follower(city).catch_up(most=100).held == {}
    assert faults(city) == []
    set_status(city, tenants.HIDDEN)
    work_off(city)
    assert Follower(city, "en").catch_up().titles() == {"Housing"}


@on_one_database
def test_archiving_a_city_together_with_other_facts_removes_its_documents_too(city):
    plant(city, "Wohnen")
    with city.write() as db:
        draft = tenants.TenantDraft(slug=city.slug, name="Teststadt", status=tenants.ARCHIVED)
        tenants.change(db, draft, actor=EDITOR)
    assert work_off(city) == [publishing.REBUILD]
    assert Follower(city).catch_up(most=100).held == {}


# What one edit costs those who follow


@on_one_database
def test_moving_a_large_chapter_writes_one_document_a_language_and_one_outline(city, chapter):
    target = plant(city, "Ziel")
    translate(city, target, "en", "Target")
    move(city, chapter, under=target)
    assert written_last(city) == {"de page": 1, "en page": 1, "* outline_page": 1}
    assert faults(city) == []


@on_one_database
def test_another_place_among_its_siblings_leaves_the_outline_alone(city, chapter):
    plant(city, "Nachbar")
    move(city, chapter, after=pages.Place.LAST)
    assert written_last(city) == {"de page": 1, "en page": 1}


@on_one_database
def test_another_address_of_a_large_chapter_writes_one_document_and_one_outline(city, chapter):
    save(city, chapter, slug="kapitel")
    assert written_last(city) == {"de page": 1, "* outline_page": 1}


@on_one_database
def test_other_words_write_one_document(city, chapter):
    save(city, chapter, content="<p>Neu</p>")
    assert written_last(city) == {"de page": 1}


@on_one_database
def test_a_draft_writes_nothing(city, chapter):
    save(city, chapter, content="<p>Neu</p>", slug="neu", public=False)
    assert written_last(city) == {}


@on_one_database
def test_a_page_that_others_show_is_written_with_them(city):
    source, page = plant(city, "Quelle"), plant(city, "Spiegel")
    with city.write() as db:
        revision = content.find_entry(db, page).revision
        pages.mirror(db, page, of=source, revision=revision, actor=EDITOR)
    save(city, source, content="<p>Neu</p>")
    assert written_last(city) == {"de page": 2}


@on_one_database
def test_other_languages_in_one_city_do_not_disturb_the_followers_of_another(database):
    one, other = make_city(database, "eins"), make_city(database, "zwei")
    plant(one, "Wohnen")
    plant(other, "Wohnen")
    follower = Follower(other).catch_up()
    choose_languages(one, "de")
    work_off(one)
    assert follower.catch_up().titles() == {"Wohnen"}
