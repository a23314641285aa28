"""Editors find what other cities offer, look at it and have it come, without a browser."""

from __future__ import annotations

import re

import pytest

from cityinfo.cms.commons import catalogue, giving, taken
from cityinfo.features import commons, content, pages, upstream
from cityinfo.features.commons import Terms
from tests.cms.conftest import text_of
from tests.factories import EDITOR, plant, translate
from tests.features.commons.commons import BY, offer, readers_see, subscribe, work
from tests.features.upstream.conftest import here
from tests.web.test_statements import Statements

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def editor(people):
    return people("editor")


def at(giver, page):
    return f"/commons/{giver.tenant_id}/{page}"


def subscriptions(city):
    with city.read() as db:
        return [(row.source_entry_id, row.parent_id, row.by_itself) for row in upstream.subscriptions(db)]


def test_what_others_offer_is_found_by_words_language_and_licence(city, giver, page, editor):
    school = plant(giver, "Schule")
    translate(giver, school, "ar", "المدرسة")
    offer(giver, school, Terms(licence="CC0-1.0", attribution="Geberstadt", note="Gut für Landkreise."))
    own = plant(city, "Eigenes")
    offer(city, own)
    shown = text_of(editor.get("/commons"))
    assert "2 Seiten, die andere Städte anbieten" in shown
    assert re.search(
        r"Führerschein</a></h2>\s*<p><bdi>Stadt Geberstadt</bdi> · CC BY 4.0 · angeboten seit heute", shown
    )
    assert "Arabisch, Deutsch" in shown
    assert "Eigenes" not in shown
    for question in ("q=landkreise", "language=ar", "licence=CC0-1.0"):
        found = text_of(editor.get(f"/commons?{question}"))
        assert "Schule</a>" in found
        assert "Führerschein</a>" not in found
    assert "Nichts passt" in text_of(editor.get("/commons?q=nirgends"))


def test_who_finds_nothing_is_told_where_to_begin(editor):
    assert "wählen Sie neben dem Text" in text_of(editor.get("/commons"))
    assert "Sie haben noch nichts übernommen" in text_of(editor.get("/commons/taken"))
    assert "Ihre Stadt bietet noch nichts an" in text_of(editor.get("/commons/offered"))


def test_a_page_is_shown_in_each_language_as_readers_there_see_it(city, giver, editor):
    other = plant(giver, "Amt")
    words = (
        f'<p>Zum <a href="entry:{other}">Amt</a> von {{{{tenant.name}}}}, <a href="https://a.example/">hier</a>.</p>'
    )
    page = plant(giver, "Führerschein", content=words + '<p><img src="https://a.example/b.png" alt="Ein Haus"></p>')
    translate(giver, page, "ar", "رخصة القيادة", content="<p>مرحبا</p>")
    translate(giver, page, "en", "Not public", public=False)
    offer(giver, page, Terms(licence="CC-BY-4.0", attribution="Amt für Migration", note="Gebühren anpassen."))
    shown = text_of(editor.get(at(giver, page)))
    assert '<p>Zum <a>Amt</a> von Stadt Geberstadt, <a href="https://a.example/">hier</a>.</p>' in shown
    assert "b.png" not in shown
    assert "Amt für Migration" in shown
    assert "Gebühren anpassen." in shown
    assert "https://creativecommons.org/licenses/by/4.0/" in shown
    assert "Not public" not in shown
    arabic = text_of(editor.get(f"{at(giver, page)}?language=ar"))
    assert '<div class="prose prose--read" lang="ar" dir="auto"><p>مرحبا</p>' in arabic


def test_what_another_city_says_runs_nowhere(city, giver, editor):
    page = plant(giver, f"Titel {EVIL}")
    offer(giver, page, Terms(licence="CC-BY-4.0", attribution=f"Amt {EVIL}", note=f"Hinweis {EVIL}"))
    subscribe(city, giver, page)
    for path in ("/commons", at(giver, page), "/commons/taken"):
        answer = editor.get(path).get_data(as_text=True)
        assert EVIL not in answer
        assert "Titel &lt;script&gt;" in answer
    offered = editor.get(at(giver, page)).get_data(as_text=True)
    assert "Amt &lt;script&gt;" in offered
    assert "Hinweis &lt;script&gt;" in offered


def test_what_is_not_offered_is_found_by_nobody(giver, page, editor):
    secret = plant(giver, "Nur für uns")
    assert editor.get(at(giver, secret)).status_code == 404
    assert editor.post(at(giver, secret), {"under": ""}).status_code == 404
    with giver.write() as db:
        commons.withdraw(db, page, actor=EDITOR)
    gone = editor.get(at(giver, page))
    assert gone.status_code == 404
    assert "Führerschein" not in text_of(gone)


def test_a_page_comes_below_one_of_ours_as_a_draft_or_live(library, city, giver, page, editor):
    school = plant(giver, "Schule")
    offer(giver, school)
    above = plant(city, "Verkehr")
    below = plant(city, "Auto", under=above)
    form = text_of(editor.get(at(giver, page)))
    assert "\u2003Auto</option>" in form
    assert editor.post(at(giver, page), {"under": below, "how": "live"}).status_code == 303
    editor.post(at(giver, school), {"under": "", "how": "draft"})
    assert sorted(subscriptions(city)) == sorted([(page, below, True), (school, None, False)])
    on_the_way = text_of(editor.get("/commons/taken"))
    assert "Die Seite kommt in einer Minute." in on_the_way
    assert re.search(r"<span lang=\"de\" dir=\"auto\">Führerschein</span>", on_the_way)
    work(library, giver, city)
    assert "Führerschein" in readers_see(city)
    assert "Schule" not in readers_see(city)
    there = text_of(editor.get("/commons/taken"))
    assert f"/texts/{here(city, page)}/de" in there
    assert "unterwegs" not in there
    assert text_of(editor.get("/commons")).count("haben Sie schon") == 2
    assert "haben Sie schon" in text_of(editor.get(at(giver, page)))


def test_what_cannot_come_is_said_and_choices_stay(city, giver, page, editor):
    above, gone = plant(city, "Verkehr"), plant(city, "Altes")
    with city.write() as db:
        pages.archive(db, gone, revision=content.find_entry(db, gone).revision, actor=EDITOR)
    nowhere = editor.post(at(giver, page), {"under": gone, "how": "live"})
    assert nowhere.status_code == 422
    assert "Wählen Sie, wo sie stehen soll." in text_of(nowhere)
    assert re.search(r'value="live" checked', text_of(nowhere))
    subscribe(city, giver, page)
    twice = editor.post(at(giver, page), {"under": above, "how": "draft"})
    assert twice.status_code == 409
    assert "Ihre Stadt hat diese Seite von Stadt Geberstadt schon" in text_of(twice)
    assert len(subscriptions(city)) == 1


def test_who_may_not_publish_takes_drafts_and_who_may_not_create_only_looks(city, giver, page, people):
    author, translator = people("author"), people("translator")
    assert "Live:" not in text_of(author.get(at(giver, page)))
    assert author.post(at(giver, page), {"under": "", "how": "live"}).status_code == 403
    assert subscriptions(city) == []
    assert author.post(at(giver, page), {"under": "", "how": "draft"}).status_code == 303
    assert "Unter welcher Seite" not in text_of(translator.get(at(giver, page)))
    assert translator.post(at(giver, page), {"under": ""}).status_code == 403
    assert people("observer").get("/commons").status_code == 403


def test_who_writes_below_one_page_puts_pages_there_alone(city, giver, page, people):
    mine, other = plant(city, "Meins"), plant(city, "Anderes")
    author = people("author", subtree=[mine])
    form = text_of(author.get(at(giver, page)))
    assert f'<option value="{mine}"' in form
    assert f'<option value="{other}"' not in form
    assert author.post(at(giver, page), {"under": other}).status_code == 422
    assert author.post(at(giver, page), {"under": mine}).status_code == 303


def test_how_it_comes_is_changed_and_ended(library, city, giver, page, editor):
    subscribe(city, giver, page)
    work(library, giver, city)
    path = f"/commons/taken/{giver.tenant_id}/{page}"
    assert "Neues nach Entscheidung" in text_of(editor.get("/commons/taken"))
    editor.post(path, {"by_itself": "1"})
    assert subscriptions(city)[0][2] is True
    with giver.write() as db:
        commons.withdraw(db, page, actor=EDITOR)
    work(library, giver, city)
    assert "wird nicht mehr angeboten" in text_of(editor.get("/commons/taken"))
    editor.post(f"{path}/end")
    assert "Diese Seite ist nicht abonniert." in text_of(editor.post(f"{path}/end", follow_redirects=True))
    assert "Sie haben noch nichts übernommen" in text_of(editor.get("/commons/taken"))
    offer(giver, page)
    assert "Wieder abonnieren" in text_of(editor.get(at(giver, page)))
    editor.post(at(giver, page), {"how": "live"})
    assert subscriptions(city) == [(page, None, True)]
    assert "Wieder abonnieren" not in text_of(editor.get(at(giver, page)))
    assert f"Nach einem Text von {BY.attribution}, CC BY 4.0" in text_of(editor.get(f"/texts/{here(city, page)}/de"))


def test_long_lists_go_on_and_take_as_many_statements_as_short_ones(library, city, giver, page, editor, monkeypatch):
    asked = Statements(city.database.engine)

    def count(path):
        editor.get(path)
        return asked.of(lambda: editor.get(path))

    def one_more(number):
        there, own = plant(giver, f"Dort {number}"), plant(city, f"Hier {number}")
        offer(giver, there)
        offer(city, own)
        subscribe(city, giver, there)

    one_more(0)
    lists = ("/commons", "/commons/taken", "/commons/offered")
    few = [count(path) for path in lists]
    for number in range(1, 4):
        one_more(number)
    assert [count(path) for path in lists] == few
    work(library, giver, city)
    for module in (catalogue, giving, taken):
        monkeypatch.setattr(module, "SHOWN", 2)
    for path in lists:
        first = text_of(editor.get(path))
        assert "skip=2" in first
        assert "skip=4" in text_of(editor.get(f"{path}?skip=2")) or path != "/commons"
        assert "Weitere Seiten" in first
