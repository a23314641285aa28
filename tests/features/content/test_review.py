"""Submitting, approving and returning texts, and going back to an earlier version."""

from __future__ import annotations

import pytest

from cityinfo.features import content, pages
from cityinfo.features.content import State
from cityinfo.kernel.errors import Invalid, NotFound, Outdated
from tests.factories import EDITOR, plant, save, translate

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def page(city):
    return plant(city, "Wohnen", content="<p>Eins</p>")


def text(city, page, language="de"):
    with city.read() as db:
        return content.find_text(db, page, language)


def submit(city, page, *, revision=None, **said):
    with city.write() as db:
        revision = content.find_text(db, page, "de").revision if revision is None else revision
        content.submit_text(db, page, "de", revision=revision, actor=EDITOR, **said)


def test_what_was_submitted_waits_with_its_message_and_assignee(city, page):
    save(city, page, content="<p>Zwei</p>", public=False)
    submit(city, page, message="Bitte ansehen.", assignee="karim")
    now = text(city, page)
    assert (now.review_state, now.review_message, now.assignee) == ("requested", "Bitte ansehen.", "karim")


def test_publishing_approves(city, page):
    save(city, page, content="<p>Zwei</p>", public=False)
    submit(city, page)
    with city.write() as db:
        revision = content.find_text(db, page, "de").revision
        pages.publish(db, page, "de", revision=revision, actor=EDITOR)
    assert text(city, page).review_state == ""


def test_a_returned_text_says_why(city, page):
    save(city, page, content="<p>Zwei</p>", public=False)
    submit(city, page)
    with city.write() as db:
        revision = content.find_text(db, page, "de").revision
        content.return_text(db, page, "de", reason="Zu lang.", revision=revision, actor=EDITOR)
    now = text(city, page)
    assert (now.review_state, now.review_message) == ("returned", "Zu lang.")


def test_only_news_can_be_submitted_and_only_what_was_submitted_returned(city, page):
    with pytest.raises(Invalid, match="readers see the newest version"):
        submit(city, page)
    with pytest.raises(Invalid, match="Nobody has submitted"), city.write() as db:
        content.return_text(db, page, "de", reason="Nein.", revision=text(city, page).revision, actor=EDITOR)


def test_a_return_needs_a_reason(city, page):
    save(city, page, content="<p>Zwei</p>", public=False)
    submit(city, page)
    with pytest.raises(Invalid, match="should change"), city.write() as db:
        content.return_text(db, page, "de", reason=" ", revision=text(city, page).revision, actor=EDITOR)


def test_who_saw_an_older_revision_submits_nothing(city, page):
    save(city, page, content="<p>Zwei</p>", public=False)
    with pytest.raises(Outdated):
        submit(city, page, revision=1)


def restore(city, page, version, language="de", **how):
    with city.write() as db:
        revision = content.find_text(db, page, language).revision
        return content.restore_version(db, page, language, version, revision=revision, actor=EDITOR, **how).id


def test_an_earlier_version_comes_back_as_a_new_one(city, page):
    first = text(city, page).current_version_id
    save(city, page, content="<p>Zwei</p>")
    restore(city, page, first)
    with city.read() as db:
        versions = content.versions(db, page, "de")
    assert [one.content for one in versions] == ["<p>Eins</p>", "<p>Zwei</p>", "<p>Eins</p>"]


def test_a_restored_translation_is_as_outdated_as_it_was(city, page):
    old = translate(city, page, "en", "Housing")
    shown = save(city, page, content="<p>Ganz anders</p>")
    save(city, page, "en", title="Living", based_on=shown)
    with city.read() as db:
        assert content.states(db, [page])[page, "en"] is State.UP_TO_DATE
    restore(city, page, old, "en")
    with city.read() as db:
        assert content.states(db, [page])[page, "en"] is State.OUTDATED


def test_a_version_of_another_text_cannot_be_restored(city, page):
    other = plant(city, "Arbeit")
    with pytest.raises(NotFound, match="no version of this text"):
        restore(city, page, text(city, other).current_version_id)
