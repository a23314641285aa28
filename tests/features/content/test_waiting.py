"""What waits for whom: by assignment, by rights, and never what is archived."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from cityinfo.features import content, pages
from cityinfo.features.content import IMPORTED, TextDraft
from cityinfo.kernel import clock
from cityinfo.kernel.facts import Actor
from tests.factories import archive, plant, save, translate
from tests.factories_people import actor, member
from tests.web.test_statements import Statements

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
YEAR = timedelta(days=365)

KINDS = ["page"]


@pytest.fixture
def page(city):
    return plant(city, "Wohnen")


def asked(city, someone, question, **more):
    """What someone is answered, as titles."""
    with city.read() as db:
        return [row.title for row in question(db, ["page"], actor(db, someone), **more)]


def submit(city, page, by, *, language="de", **said):
    with city.write() as db:
        words = TextDraft(title=f"Neu {page}", content="<p>Neu</p>", revision=revision(db, page, language))
        pages.save_text(db, page, language, words, actor=actor(db, by))
        content.submit_text(db, page, language, revision=revision(db, page, language), actor=actor(db, by), **said)


def give_back(city, page, by):
    with city.write() as db:
        content.return_text(db, page, "de", reason="Kürzer.", revision=revision(db, page), actor=actor(db, by))


def revision(db, page, language="de"):
    text = content.text_of(db, page, language)
    return text.revision if text else 0


def test_what_is_assigned_to_me_comes_before_what_anyone_may_take(city, page):
    author, editor = member(city, "author", "Tarek"), member(city, "editor", "Elif")
    submit(city, page, author)
    mine = plant(city, "Schule")
    submit(city, mine, author, assignee=f"person:{editor}", message="Bitte bald.")
    assert asked(city, editor, content.submitted) == [f"Neu {mine}", f"Neu {page}"]
    with city.read() as db:
        first = content.submitted(db, ["page"], actor(db, editor))[0]
    assert (first.by, first.said) == (f"person:{author}", "Bitte bald.")


def test_what_is_assigned_to_a_colleague_or_was_submitted_by_me_does_not_wait_for_me(city, page):
    author, editor = member(city, "author", "Tarek"), member(city, "editor", "Elif")
    colleague = member(city, "editor", "Jana")
    submit(city, page, author, assignee=f"person:{colleague}")
    submit(city, plant(city, "Schule"), editor)
    assert asked(city, editor, content.submitted) == []
    assert asked(city, author, content.submitted) == []


def test_only_what_i_may_publish_waits_for_my_review(city, page):
    author = member(city, "author", "Tarek")
    submit(city, page, author)
    elsewhere = member(city, "editor", "Elif", subtree=[plant(city, "Schule")])
    other_language = member(city, "editor", "Jana", languages=["ar"])
    assert asked(city, elsewhere, content.submitted) == []
    assert asked(city, other_language, content.submitted) == []


def test_a_returned_text_waits_for_who_submitted_it_whoever_saved_it_since(city, page):
    author, editor = member(city, "author", "Tarek"), member(city, "editor", "Elif")
    submit(city, page, author)
    with city.write() as db:
        words = TextDraft(title="Verbessert", content="<p>x</p>", revision=revision(db, page))
        pages.save_text(db, page, "de", words, actor=actor(db, editor))
    give_back(city, page, editor)
    assert asked(city, author, content.returned) == ["Verbessert"]
    assert asked(city, editor, content.returned) == []
    with city.read() as db:
        row = content.returned(db, ["page"], actor(db, author))[0]
    assert (row.by, row.said) == (f"person:{editor}", "Kürzer.")


def test_begun_is_what_was_typed_and_what_was_saved_and_is_not_public(city, page):
    author = member(city, "author", "Tarek")
    with city.write() as db:
        content.autosave(db, page, "ar", TextDraft(title="سكن", content="<p>…</p>"), actor=actor(db, author))
        begun = pages.create(
            db, TextDraft(title="Kita", content="<p>x</p>"), language="de", under=None, actor=actor(db, author)
        )
    assert asked(city, author, content.unfinished) == ["Kita", "سكن"]
    assert asked(city, member(city, "author", "Jana"), content.unfinished) == []
    with city.write() as db:
        content.submit_text(db, begun.id, "de", revision=revision(db, begun.id), actor=actor(db, author))
    assert asked(city, author, content.unfinished) == ["سكن"]


def test_kept_words_that_say_what_the_newest_version_says_are_nothing_unfinished(city, page):
    author = member(city, "author", "Tarek")
    with city.write() as db:
        same = TextDraft(title="Wohnen", content="<p>Guten Tag.</p>")
        content.autosave(db, page, "de", same, actor=actor(db, author))
    assert asked(city, author, content.unfinished) == []


def test_what_goes_offline_soon_is_told_to_those_who_publish(city, page):
    soon, later = clock.now() + timedelta(days=3), clock.now() + timedelta(days=60)
    for one, moment in ((page, soon), (plant(city, "Später"), later)):
        with city.write() as db:
            pages.schedule(db, one, "de", offline_at=moment, revision=revision(db, one), actor=Actor("editor", "eva"))
    until = clock.now() + timedelta(days=14)
    assert asked(city, member(city, "editor", "Elif"), content.expiring, until=until) == ["Wohnen"]
    assert asked(city, member(city, "author", "Tarek"), content.expiring, until=until) == []


def test_what_nobody_has_saved_for_long_is_told_in_the_language_the_city_writes_in(city):
    with time_machine.travel(clock.now() - 2 * YEAR):
        old = plant(city, "Alt")
        translate(city, old, "en", "Old")
        plant(city, "Alt und archiviert")
        plant(city, "Alt und neu gefasst")
    with city.read() as db:
        ids = {content.titles(db, one)["de"]: one for one in pages.parents(db)}
    archive(city, ids["Alt und archiviert"])
    save(city, ids["Alt und neu gefasst"], content="<p>Neu.</p>")
    editor = member(city, "editor", "Elif")
    assert asked(city, editor, content.unchanged, since=clock.now() - YEAR) == ["Alt"]


def test_what_was_brought_in_is_as_old_as_where_it_comes_from(city, page):
    save(city, page, content="<p>Von dort.</p>", origin=IMPORTED, changed_at=clock.now() - 2 * YEAR)
    assert asked(city, member(city, "editor", "Elif"), content.unchanged, since=clock.now() - YEAR) == ["Wohnen"]


def test_each_question_takes_as_many_statements_for_many_texts_as_for_one(city):
    statements, editor = Statements(city.database.engine), member(city, "editor", "Elif")
    author = member(city, "author", "Tarek")
    until = {"until": clock.now() + YEAR}
    since = {"since": clock.now() + YEAR}
    counts = []
    for number in (1, 5):
        for one in range(number):
            submit(city, plant(city, f"Seite {number} {one}"), author)
        with city.read() as db:
            me = actor(db, editor)
            questions = [(content.submitted, {}), (content.returned, {}), (content.unfinished, {})]
            questions += [(content.expiring, until), (content.unchanged, since)]
            counts.append([statements.of(lambda q=q, m=m, db=db, me=me: q(db, KINDS, me, **m)) for q, m in questions])
    assert counts[0] == counts[1]
