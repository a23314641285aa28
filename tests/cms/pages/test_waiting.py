"""The list of pages by what they wait for."""

from __future__ import annotations

from cityinfo.features import content
from tests.cms.conftest import text_of
from tests.factories import plant, save
from tests.factories_events import hold


def submit(city, someone, page):
    with city.read() as db:
        revision = content.find_text(db, page, "de").revision
    someone.post(f"/texts/{page}/de", {"title": "Neu", "content": "<p>x</p>", "revision": revision, "do": "submit"})


def test_what_waits_for_my_review_is_listed_and_counted(city, people):
    author, editor, page = people("author"), people("editor"), plant(city, "Wohnen")
    plant(city, "Schule")
    submit(city, author, page)
    shown = text_of(editor.get("/pages?waits=review"))
    assert "Eine Seite: Wartet auf meine Prüfung" in shown
    assert (">Neu<" in shown, ">Schule<" in shown) == (True, False)
    assert "0 Seiten: Wartet auf meine Prüfung" in text_of(author.get("/pages?waits=review"))


def test_what_was_returned_to_me_and_what_i_began_are_lists_of_their_own(city, people):
    author, editor, page = people("author"), people("editor"), plant(city, "Wohnen")
    author.post("/pages/new", {"title": "Kita", "content": "<p>x</p>", "do": "save"})
    submit(city, author, page)
    with city.read() as db:
        revision = content.find_text(db, page, "de").revision
    editor.post(f"/texts/{page}/de/return", {"revision": revision, "reason": "Kürzer."})
    assert "Eine Seite: An mich zurückgegeben" in text_of(author.get("/pages?waits=returned"))
    assert "Eine Seite: Meine Entwürfe" in text_of(author.get("/pages?waits=drafts"))


def test_whoever_looks_for_an_event_among_pages_is_led_to_it(city, people):
    plant(city, "Sprachkurse")
    event = hold(city, "Sprachcafé", "2100-05-04T15:00")
    shown = text_of(people("editor").get("/pages?q=sprach"))
    assert ">Sprachkurse<" in shown
    assert f'href="/cms/{city.slug}/texts/{event}/de">Sprachcafé</a>' in shown
    assert "In Titeln anderer Inhalte" not in text_of(people("author").get("/pages?q=nirgends"))


def test_the_months_of_what_is_unchanged_are_chosen_in_the_address(city, people):
    save(city, plant(city, "Wohnen"), content="<p>Neu.</p>")
    shown = text_of(people("editor").get("/pages?waits=stale-18"))
    assert "0 Seiten: Seit 18 Monaten unverändert" in shown


def test_only_what_i_may_write_leaves_out_other_parts_of_the_tree(city, people):
    school = plant(city, "Schule")
    plant(city, "Wohnen")
    shown = text_of(people("author", subtree=[school]).get("/pages?mine=1"))
    assert (">Schule<" in shown, ">Wohnen<" in shown) == (True, False)
