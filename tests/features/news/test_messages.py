"""A message goes from draft to approved, scheduled, visible and expired, and is seen only while it is visible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest
import time_machine

from cityinfo import registry
from cityinfo.features import content, news, publishing, tenants
from cityinfo.features.news import MAIN, MessageFacts, State
from cityinfo.kernel.errors import Conflict, Forbidden, Invalid
from tests.factories import EDITOR, make_city
from tests.factories_entries import revision_of, write, write_in
from tests.factories_news import COLLEAGUE, add_language, announce, approve, archive, draft, schedule, work

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(database, time):
    return make_city(database, "teststadt", features={"push_notifications": True})


@pytest.fixture
def careful(database, time):
    return make_city(database, "vorsicht", features={"push_notifications": True, "two_person_news": True})


def document(city, message_id, language="de"):
    with city.read() as db:
        rows = publishing.payloads_of(db, language, news.KIND, [message_id])
    return orjson.loads(rows[0]) if rows else None


def state(city, message_id):
    with city.read() as db:
        return news.state_of(news.find(db, message_id))


def standings(city, message_id):
    """Where the message and each of its texts stand between author and those who approve."""
    with city.read() as db:
        texts = {text.language: text.review_state for text in content.texts(db, message_id)}
        return news.find(db, message_id).review, texts


def test_a_message_becomes_visible_and_leaves_at_its_moments(city, time):
    message = draft(city, "إغلاق دار البلدية", language="ar", visible_from=START + HOUR, visible_until=START + DAY)
    assert (state(city, message), document(city, message, "ar")) == (State.DRAFT, None)
    approve(city, message)
    assert (state(city, message), document(city, message, "ar")) == (State.SCHEDULED, None)
    time.move_to(START + HOUR)
    work(city)
    assert state(city, message) is State.VISIBLE
    shown = document(city, message, "ar")
    assert (shown["title"], shown["source"], shown["channel"]) == ("إغلاق دار البلدية", "local", "news")
    time.move_to(START + DAY)
    work(city)
    assert (state(city, message), document(city, message, "ar")) == (State.EXPIRED, None)
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_an_approved_message_without_a_moment_waits_for_one(city):
    message = draft(city, "Rathaus geschlossen")
    approve(city, message)
    assert (state(city, message), document(city, message)) == (State.APPROVED, None)
    schedule(city, message)
    assert document(city, message)["display_date"].startswith("2026-11-23T08:00")


@on_one_database
def test_a_message_without_end_leaves_after_four_weeks(city, time):
    message = announce(city, "Rathaus geschlossen")
    time.move_to(START + 28 * DAY - HOUR)
    work(city)
    assert document(city, message)
    time.move_to(START + 28 * DAY)
    work(city)
    assert document(city, message) is None


@on_one_database
def test_only_languages_written_are_shown_unless_the_main_language_stands_in(city):
    written = announce(city, "Rathaus geschlossen")
    add_language(city, written, "en", "Town hall closed")
    assert document(city, written, "en")["title"] == "Town hall closed"
    assert document(city, written, "ar") is None
    for_all = announce(city, "Wasser abkochen", mode=MAIN)
    shown = document(city, for_all, "ar")
    assert (shown["title"], shown["delivered_language"]) == ("Wasser abkochen", "de")


@on_one_database
def test_where_the_main_language_shall_stand_in_it_must_be_written(city):
    message = draft(city, "Boil water", language="en", mode=MAIN)
    with pytest.raises(Invalid, match=r"\(de\)"):
        approve(city, message)


@on_one_database
def test_what_is_written_after_approval_is_not_shown_before_it_is_published(city):
    message = announce(city, "Rathaus geschlossen")
    write(city, message, "Rathaus doch offen", public=False)
    assert document(city, message)["title"] == "Rathaus geschlossen"


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [("x" * 251, "<p>kurz</p>", "250"), ("kurz", f"<p>{'x' * 501}</p>", "500"), ("", "<p>kurz</p>", "title")],
)
@on_one_database
def test_what_no_phone_could_show_is_refused(city, title, text, said):
    with pytest.raises(Invalid, match=said):
        draft(city, title, text=text)
    with city.read() as db:
        assert not list(news.NEWS.all_ids(db))


@on_one_database
def test_as_much_as_fits_is_taken_and_markup_does_not_count(city):
    assert draft(city, "x" * 250, text=f"<p>{'<strong>y</strong>' * 500}</p>")


@on_one_database
def test_a_message_that_would_be_gone_before_it_is_visible_is_refused(city):
    with pytest.raises(Invalid, match="later end"):
        draft(city, "Nie", visible_from=START + DAY, visible_until=START + HOUR)


@on_one_database
def test_only_the_end_of_what_readers_have_seen_can_be_changed(city):
    message = announce(city, "Rathaus geschlossen")
    with pytest.raises(Invalid, match="Readers have seen"), city.write() as db:
        news.change(db, message, MessageFacts(), revision=revision_of(db, message), actor=EDITOR)
    with city.write() as db:
        facts = MessageFacts(visible_from=START, visible_until=START + HOUR)
        news.change(db, message, facts, revision=revision_of(db, message), actor=EDITOR)
    assert document(city, message)["visible_until"].startswith("2026-11-23T09:00")


@on_one_database
def test_a_text_of_a_message_has_no_schedule_of_its_own(city):
    message = draft(city, "Rathaus geschlossen")
    with pytest.raises(Invalid, match="that of the message"), city.write() as db:
        content.schedule_text(db, message, "de", publish_at=START + HOUR, revision=1, actor=EDITOR)


@on_one_database
def test_where_two_persons_decide_nobody_approves_what_they_wrote(careful):
    message = draft(careful, "Wasser abkochen", visible_from=START)
    with pytest.raises(Forbidden, match="second person"):
        approve(careful, message, actor=EDITOR)
    assert document(careful, message) is None
    approve(careful, message, actor=COLLEAGUE)
    assert document(careful, message)["title"] == "Wasser abkochen"


@on_one_database
def test_who_wrote_one_language_of_a_message_does_not_approve_it_either(careful):
    message = draft(careful, "Wasser abkochen", visible_from=START)
    with careful.write() as db:
        words = content.TextDraft(title="Boil water", content="<p>Now.</p>")
        content.save_text(db, message, "en", words, actor=COLLEAGUE)
    with pytest.raises(Forbidden):
        approve(careful, message, actor=COLLEAGUE)
    assert state(careful, message) is State.DRAFT


@on_one_database
def test_nobody_goes_round_the_second_person_by_publishing_a_text(careful):
    message = draft(careful, "Wasser abkochen", visible_from=START)
    approve(careful, message)
    with pytest.raises(Forbidden):
        write(careful, message, "Wasser trinken")
    assert document(careful, message)["title"] == "Wasser abkochen"


@on_one_database
def test_a_changed_plan_must_be_approved_again_where_two_persons_decide(careful):
    message = draft(careful, "Wasser abkochen", visible_from=START + HOUR)
    approve(careful, message)
    with careful.write() as db:
        facts = MessageFacts(mode=MAIN, visible_from=START)
        news.change(db, message, facts, revision=revision_of(db, message), actor=EDITOR)
    assert (state(careful, message), document(careful, message)) == (State.DRAFT, None)


@on_one_database
def test_a_colleague_is_asked_and_may_send_the_message_back_saying_why(city):
    message = draft(city, "Rathaus geschlosen", visible_from=START)
    with city.write() as db:
        news.request_approval(db, message, revision=revision_of(db, message), actor=EDITOR)
        news.send_back(db, message, "Tippfehler", revision=revision_of(db, message), actor=COLLEAGUE)
    with city.read() as db:
        found = news.find(db, message)
        assert (found.review, found.review_message) == ("draft", "Tippfehler")
    assert document(city, message) is None
    with pytest.raises(Invalid, match="Say what"), city.write() as db:
        news.send_back(db, message, " ", revision=revision_of(db, message), actor=COLLEAGUE)


@on_one_database
def test_a_text_that_is_submitted_asks_for_the_whole_message_and_comes_back_with_it(city):
    message = draft(city, "Rathaus geschlosen", visible_from=START)
    add_language(city, message, "en", "Town hall closd", public=False)
    with city.write() as db:
        revision = content.find_text(db, message, "en").revision
        content.submit_text(db, message, "en", message="Eilt", revision=revision, actor=EDITOR)
    assert standings(city, message) == ("requested", {"de": "requested", "en": "requested"})
    with city.read() as db:
        assert news.requested(db) == [message]
    with city.write() as db:
        revision = content.find_text(db, message, "de").revision
        content.return_text(db, message, "de", reason="Tippfehler", revision=revision, actor=COLLEAGUE)
    assert standings(city, message) == ("draft", {"de": "returned", "en": "returned"})
    with city.read() as db:
        assert news.find(db, message).review_message == "Tippfehler"
    with city.write() as db:
        news.request_approval(db, message, revision=revision_of(db, message), actor=EDITOR)
    assert standings(city, message) == ("requested", {"de": "requested", "en": "requested"})
    approve(city, message)
    assert standings(city, message) == ("approved", {"de": "", "en": ""})


@on_one_database
def test_new_words_of_what_readers_have_seen_are_not_submitted(city):
    message = announce(city, "Sprechstunde")
    with city.write() as db:
        write_in(db, message, "Sprechstunde fällt aus", public=False)
    with city.read() as db:
        revision = content.find_text(db, message, "de").revision
    with pytest.raises(Invalid, match="Readers have seen"), city.write() as db:
        content.submit_text(db, message, "de", revision=revision, actor=EDITOR)


@on_one_database
def test_a_copy_is_a_draft_with_the_old_words(city):
    message = announce(city, "Sprechstunde")
    add_language(city, message, "en", "Office hours")
    with city.write() as db:
        again = news.copy(db, message, actor=EDITOR).id
    assert state(city, again) is State.DRAFT
    with city.read() as db:
        assert content.version(db, content.find_text(db, again, "en").current_version_id).title == "Office hours"


@on_one_database
def test_an_archived_message_is_gone_and_can_be_deleted(city):
    message = announce(city, "Rathaus geschlossen")
    archive(city, message)
    assert document(city, message) is None
    with city.write() as db:
        news.delete_for_good(db, message, revision=revision_of(db, message), actor=EDITOR)
    with city.read() as db:
        assert list(news.NEWS.all_ids(db)) == []


@on_one_database
def test_two_editors_do_not_overwrite_each_other(city):
    message = draft(city, "Rathaus geschlossen")
    approve(city, message)
    with pytest.raises(Conflict), city.write() as db:
        news.change(db, message, MessageFacts(), revision=1, actor=EDITOR)


@on_one_database
def test_a_city_knows_the_switch_for_two_persons(city):
    with city.read() as db:
        assert tenants.offers(db, news.LOCAL_FLAG)
        assert not tenants.offers(db, news.TWO_PERSON_FLAG)
