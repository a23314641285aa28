"""News as editors write and approve them, without a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cityinfo.cms.entries import screens
from cityinfo.features import content, news, tenants
from cityinfo.features.news import State
from cityinfo.kernel import clock
from tests.cms.conftest import text_of
from tests.factories import EDITOR, make_city
from tests.factories_entries import revision_of
from tests.factories_news import Phone, announce, approve, archive, draft, schedule, states, subscribe, work
from tests.web.test_statements import Statements

FLOOD = {
    "title-de": "Uferweg gesperrt",
    "content-de": "Bitte gehen Sie nicht ans Wasser.",
    "title-ar": "إغلاق طريق ضفة النهر",
    "content-ar": "يرجى عدم الاقتراب من الماء.",
    "title-en": "",
    "content-en": "",
    "mode": "written",
    "push": "1",
    "when": "approved",
}
SOON = clock.now() + timedelta(days=2)


@pytest.fixture
def city(database):
    return make_city(database, "teststadt", features={"push_notifications": True, "external_news": True})


@pytest.fixture
def careful(city):
    """A city in which two persons decide."""
    with city.write() as db:
        now = tenants.facts_of(db)
        tenants.change(db, replace(now, features={**now.features, "two_person_news": True}), actor=EDITOR)
    return city


@pytest.fixture
def author(people):
    return people("author")


@pytest.fixture
def manager(people):
    return people("manager")


def made(someone, **fields):
    answer = someone.post("/news/new", {**FLOOD, **fields})
    assert answer.status_code == 303, text_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def fields_of(city, message_id, **changed):
    with city.read() as db:
        texts = {f"revision-{one.language}": one.revision for one in content.texts(db, message_id)}
        return {**FLOOD, "revision": revision_of(db, message_id), **texts, **changed}


def save(city, someone, message_id, **changed):
    return someone.post(f"/news/{message_id}", fields_of(city, message_id, **changed))


def state(city, message_id):
    with city.read() as db:
        return news.state_of(news.find(db, message_id))


def public(city, someone, language="de"):
    answer = someone.client.get(f"/api/v1/tenants/{city.slug}/{language}/news")
    return [one["title"] for one in answer.json["items"]]


def test_a_message_is_written_in_several_languages_at_once_and_approved(city, manager):
    message_id = made(manager, do="approve")
    assert state(city, message_id) is State.VISIBLE
    assert public(city, manager) == ["Uferweg gesperrt"]
    assert public(city, manager, "ar") == ["إغلاق طريق ضفة النهر"]
    assert public(city, manager, "en") == []
    assert "Sichtbar bis" in text_of(manager.get(f"/news/{message_id}"))


def test_the_main_language_stands_in_for_those_that_are_not_written(city, manager):
    made(manager, mode="main", do="approve")
    assert public(city, manager, "en") == ["Uferweg gesperrt"]


def test_a_language_that_stays_empty_is_not_saved(city, author):
    message_id = made(author)
    with city.read() as db:
        assert {one.language for one in content.texts(db, message_id)} == {"de", "ar"}


def test_who_changes_nothing_makes_no_version_and_changes_no_message(city, author):
    message_id = made(author, when="later", visible_from="2100-05-01T18:00")
    shown = fields_of(city, message_id, when="later", visible_from="2100-05-01T18:00")
    author.post(f"/news/{message_id}", shown)
    now = fields_of(city, message_id)
    assert {name: now[name] for name in now if "revision" in name} == {n: shown[n] for n in shown if "revision" in n}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title-de": "a" * 251}, "251"),
        ({"content-ar": "b" * 501}, "501"),
        ({"title-ar": " "}, "Arabisch"),
        ({"content-en": "Only a text"}, "Englisch"),
        ({"when": "later", "visible_from": ""}, "Wählen Sie, ab wann"),
        ({"when": "later", "visible_from": "bald"}, "Tag und Uhrzeit"),
        ({"when": "later", "visible_from": "2100-05-02T18:00", "visible_until": "2100-05-01T18:00"}, "späteres Ende"),
        (dict.fromkeys(("title-de", "content-de", "title-ar", "content-ar"), ""), "mindestens einer Sprache"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(city, author, fields, sentence):
    refused = author.post("/news/new", {**FLOOD, **fields})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert {**FLOOD, **fields}["content-de"] in text_of(refused)
    with city.read() as db:
        assert list(news.NEWS.all_ids(db)) == []


def test_a_message_waits_for_its_moment_after_it_was_approved(city, manager):
    at = f"{SOON:%Y-%m-%dT%H:%M}"
    message_id = made(manager, do="approve", when="later", visible_from=at)
    assert state(city, message_id) is State.SCHEDULED
    assert public(city, manager) == []
    assert "Geplant: sichtbar ab" in text_of(manager.get("/news"))


def test_an_author_asks_for_approval_and_a_manager_approves(city, author, manager):
    message_id = made(author, do="request")
    assert "Wartet auf Freigabe" in text_of(manager.get("/news"))
    assert "Eine Nachricht wartet auf Freigabe." in text_of(manager.get("/"))
    assert "wartet auf Freigabe" not in text_of(author.get("/"))
    assert author.post(f"/news/{message_id}", fields_of(city, message_id, do="approve")).status_code == 403
    assert save(city, manager, message_id, do="approve").status_code == 303
    assert state(city, message_id) is State.VISIBLE


def test_what_is_submitted_at_the_desk_is_approved_in_the_form_like_every_message(city, author, manager):
    message_id = made(author)
    desk = f"/texts/{message_id}/de"
    with city.read() as db:
        revision = content.find_text(db, message_id, "de").revision
    written = {"title": "Uferweg gesperrt", "content": "<p>Bitte fernbleiben.</p>", "revision": revision}
    assert "wird als Ganzes angesehen" in text_of(author.get(desk))
    author.post(desk, {**written, "do": "submit", "message": "Es eilt."})
    assert "Eine Nachricht wartet auf Freigabe." in text_of(manager.get("/"))
    assert "Uferweg" not in text_of(manager.get("/waiting/review"))
    assert "Zusammen mit den anderen Sprachen" in text_of(manager.get(desk))
    form = text_of(manager.get(f"/news/{message_id}"))
    assert "Es eilt." in form
    assert save(city, manager, message_id, do="approve").status_code == 303
    assert state(city, message_id) is State.VISIBLE


def test_words_that_were_sent_back_wait_for_their_author(city, author, manager):
    message_id = made(author, do="request")
    with city.read() as db:
        revision = revision_of(db, message_id)
    manager.post(f"/news/{message_id}/return", {"revision": revision, "words": "Bitte kürzer."})
    assert "Bitte kürzer." in text_of(author.get("/waiting/returned"))


def test_what_is_sent_back_says_why(city, author, manager):
    message_id = made(author, do="request")
    with city.read() as db:
        revision = revision_of(db, message_id)
    manager.post(f"/news/{message_id}/return", {"revision": revision, "words": " "})
    assert "Sagen Sie" in text_of(manager.get(f"/news/{message_id}"))
    manager.post(f"/news/{message_id}/return", {"revision": revision, "words": "Bitte kürzer."})
    assert "Bitte kürzer." in text_of(author.get(f"/news/{message_id}"))
    assert "Zurückgegeben: Bitte kürzer." in text_of(author.get("/news"))


def test_where_two_persons_decide_own_work_is_refused_with_the_words_kept(careful, people, manager):
    message_id = made(manager)
    refused = save(careful, manager, message_id, do="approve")
    assert refused.status_code == 403
    assert "Eine Mitteilung braucht eine zweite Person" in text_of(refused)
    assert "Uferweg gesperrt" in text_of(refused)
    assert save(careful, manager, message_id, do="request").status_code == 303
    assert "wartet auf Freigabe" not in text_of(manager.get("/"))
    colleague = people("manager", name="Karim")
    mine = save(careful, colleague, message_id, do="approve", **{"content-de": "Ganz anders."})
    assert mine.status_code == 403
    assert "Ganz anders." in text_of(mine)
    assert save(careful, colleague, message_id, do="approve").status_code == 303
    assert public(careful, colleague) == ["Uferweg gesperrt"]


def test_a_colleague_who_was_quicker_is_not_overwritten_unseen(city, author):
    message_id = made(author)
    mine = fields_of(city, message_id, **{"title-de": "Mein Titel"})
    save(city, author, message_id, **{"title-de": "Anderer Titel"})
    overtaken = author.post(f"/news/{message_id}", mine)
    assert overtaken.status_code == 409
    assert 'value="Mein Titel"' in text_of(overtaken)
    with city.read() as db:
        assert content.titles(db, message_id)["de"] == "Anderer Titel"


def test_new_words_of_an_approved_message_wait_for_approval_and_say_so(city, manager):
    message_id = made(manager, do="approve", when="later", visible_from=f"{SOON:%Y-%m-%dT%H:%M}")
    later = {"when": "later", "visible_from": f"{SOON:%Y-%m-%dT%H:%M}"}
    save(city, manager, message_id, **later, **{"title-de": "Uferweg wieder offen"})
    assert "Es gibt neue Worte, die niemand freigegeben hat." in text_of(manager.get(f"/news/{message_id}"))
    save(city, manager, message_id, **later, **{"title-de": "Uferweg wieder offen"}, do="approve")
    assert "niemand freigegeben" not in text_of(manager.get(f"/news/{message_id}"))


def test_of_what_readers_have_seen_only_the_end_is_changed(city, manager):
    message_id = made(manager, do="approve")
    shown = text_of(manager.get(f"/news/{message_id}"))
    assert "nur ihr Ende lässt sich ändern" in shown
    assert 'name="title-de"' not in shown
    end = f"{clock.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    with city.read() as db:
        revision = revision_of(db, message_id)
    assert manager.post(f"/news/{message_id}", {"revision": revision, "visible_until": end}).status_code == 303
    with city.read() as db:
        message = news.find(db, message_id)
        assert news.end_of(message) < clock.now() + timedelta(days=4)
        assert (message.push, message.review) == (True, "approved")


def test_a_message_without_a_moment_is_shown_when_someone_says_so(city, manager):
    message_id = draft(city, "Fest")
    approve(city, message_id)
    assert "Freigegeben, noch ohne Zeitpunkt" in text_of(manager.get("/news"))
    assert "Jetzt zeigen" in text_of(manager.get(f"/news/{message_id}"))
    words = {"title-de": "Fest", "content-de": "Am Freitag.", "title-ar": "", "content-ar": ""}
    assert save(city, manager, message_id, **words, do="approve").status_code == 303
    assert state(city, message_id) is State.VISIBLE


def test_a_message_is_copied_and_archived(city, manager):
    message_id = made(manager, do="approve")
    twin = int(manager.post(f"/news/{message_id}/copy").headers["Location"].rpartition("/")[2])
    assert state(city, twin) is State.DRAFT
    with city.read() as db:
        revision = revision_of(db, message_id)
    manager.post(f"/news/{message_id}/archive", {"revision": revision})
    assert public(city, manager) == []
    assert f"/news/{message_id}" in text_of(manager.get("/news?archived=1"))


def test_the_preview_follows_what_is_typed(author):
    shown = text_of(author.post("/news/preview", FLOOD))
    assert "Uferweg gesperrt" in shown
    assert 'dir="rtl"' in shown
    assert "Es fehlt: Englisch. Wer das liest, bekommt nichts." in shown
    assert "33 von 500 Zeichen" in shown
    assert "bekommt die Nachricht auf Deutsch" in text_of(author.post("/news/preview", {**FLOOD, "mode": "main"}))


def test_the_form_says_how_many_browsers_are_told(city, author):
    for name in ("a", "b"):
        subscribe(city, name)
    assert "Deutsch 2" in text_of(author.get("/news/new"))


def test_what_failed_is_sent_again(city, manager):
    subscribe(city, "a")
    message_id = announce(city, "Uferweg gesperrt")
    work(city)
    assert set(states(city, message_id).values()) == {"off"}
    shown = text_of(manager.get(f"/news/{message_id}"))
    assert "dieser Weg ist hier nicht eingerichtet" in shown
    with city.read() as db:
        browsers = next(one for one in news.deliveries(db, message_id) if one.channel == news.WEBPUSH)
    assert manager.post(f"/news/{message_id}/deliveries/{browsers.id}").status_code == 303
    assert manager.post(f"/news/{message_id}/deliveries/1").status_code == 404
    work(city, senders={news.WEBPUSH: Phone()})
    assert states(city, message_id)["de", news.WEBPUSH] == "sent"
    assert "an einen Browser gesendet" in text_of(manager.get("/news"))


def test_news_come_newest_first_in_sheets_with_as_many_statements_as_a_short_list(city, author, monkeypatch):
    monkeypatch.setattr(screens, "ON_A_SHEET", 3)
    draft(city, "Alt")
    asked = Statements(city.database.engine)
    short = asked.of(lambda: author.get("/news"))
    for number in range(4):
        draft(city, f"Neu {number}")
    assert asked.of(lambda: author.get("/news")) == short
    first = text_of(author.get("/news"))
    assert first.index("Neu 3") < first.index("Neu 2")
    assert "Alt" not in first
    following = first.partition("after=")[2].partition('"')[0].partition("&")[0]
    assert "Alt" in text_of(author.get(f"/news?after={following}"))


def test_who_translates_reads_and_changes_nothing_here(city, people):
    message_id = draft(city, "Fest")
    translator = people("translator")
    shown = text_of(translator.get(f"/news/{message_id}"))
    assert f"/translations/en/{message_id}" in shown
    assert translator.post(f"/news/{message_id}", fields_of(city, message_id)).status_code == 403


def test_an_archived_message_is_not_among_the_others(city, author):
    message_id = announce(city, "Fest")
    archive(city, message_id)
    assert "Fest" not in text_of(author.get("/news"))


def test_an_expired_message_says_so(city, author):
    message_id = draft(city, "Fest")
    approve(city, message_id)
    start = clock.now() - timedelta(days=40)
    schedule(city, message_id, visible_from=start)
    assert "Abgelaufen:" in text_of(author.get("/news"))
