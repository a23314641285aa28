"""What readers said, as editors read and answer it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.cms.feedback.words import topics
from cityinfo.features import feedback
from cityinfo.features.feedback import TOPICS, Message
from tests.cms.conftest import text_of
from tests.factories_events import hold
from tests.web.test_statements import Statements


@pytest.fixture
def said(city):
    return say(city, "Die Nummer stimmt nicht.")


def say(city, comment, topic="tenant", **about):
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        feedback.send(
            db, Message(topic=topic, comment=comment, **about), language="de", address="1.2.3.4", keep=timedelta(days=9)
        )
    with city.read() as db:
        return feedback.listed(db, most=1)[0].id


def test_what_is_unread_is_counted_until_someone_has_read_it(people, said):
    editor = people("editor")
    assert "Eine Rückmeldung ist ungelesen." in text_of(editor.get("/feedback"))
    editor.post(f"/feedback/{said}/read")
    assert "Alles ist gelesen." in text_of(editor.get("/feedback"))
    assert "Die Nummer stimmt nicht." in text_of(editor.get("/feedback?show=all"))


def test_what_is_said_about_an_event_leads_to_its_text(city, people):
    event = hold(city, "Sprachcafé", "2100-05-04T15:00")
    say(city, "Fällt aus?", topic="event", slug="sprachcafé")
    assert f'href="/cms/{city.slug}/texts/{event}/de"' in text_of(people("editor").get("/feedback"))


def test_a_reply_is_kept_and_an_empty_one_keeps_the_form_open(city, people, said):
    editor = people("editor")
    refused = editor.post(f"/feedback/{said}/reply", {"words": " "})
    assert refused.status_code == 422
    assert "Schreiben Sie eine Antwort" in text_of(refused)
    editor.post(f"/feedback/{said}/reply", {"words": "Danke, geändert."})
    with city.read() as db:
        assert feedback.find(db, said).reply == "Danke, geändert."


def test_archiving_can_be_taken_back(people, said):
    editor = people("editor")
    editor.post(f"/feedback/{said}/archive", {"show": "all"})
    shown = text_of(editor.get("/feedback?show=all"))
    assert "Die Nummer" not in shown
    editor.post(f"/feedback/{said}/restore", {"show": "all"})
    assert "Die Nummer" in text_of(editor.get("/feedback?show=all"))


def test_an_observer_reads_and_is_given_no_buttons(people, said):
    shown = text_of(people("observer").get("/feedback"))
    assert "Die Nummer stimmt nicht." in shown
    assert "Als gelesen markieren" not in shown


def test_a_long_list_takes_as_many_statements_as_a_short_one(city, people, said):
    editor, asked = people("editor"), Statements(city.database.engine)
    short = asked.of(lambda: editor.get("/feedback"))
    for number in range(5):
        say(city, f"Noch etwas {number}")
    assert asked.of(lambda: editor.get("/feedback")) == short


def test_every_topic_has_a_word():
    assert topics().keys() == TOPICS.keys()
