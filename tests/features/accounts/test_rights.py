"""What people may do with content, asked of the actions themselves: no face has to remember it."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
import time_machine

from cityinfo.features import accounts, content, events, pages
from cityinfo.features.content import State, TextDraft
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Forbidden, NotFound, Unauthenticated
from cityinfo.kernel.facts import SYSTEM
from tests.factories import archive, plant, save, translate
from tests.factories_events import facts
from tests.factories_people import actor, give, member, person

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
WORDS = TextDraft(title="Arbeit", content="<p>Neu</p>")


def write(city, account_id, page, language="de", **draft):
    with city.write() as db:
        text = content.text_of(db, page, language)
        words = TextDraft(title="Neu", content="<p>Neu</p>", revision=text.revision if text else 0, **draft)
        pages.save_text(db, page, language, words, actor=actor(db, account_id))


def publish(city, account_id, page, language="de"):
    with city.write() as db:
        revision = content.find_text(db, page, language).revision
        pages.publish(db, page, language, revision=revision, actor=actor(db, account_id))


def create(city, account_id, *, under=None):
    with city.write() as db:
        return pages.create(db, WORDS, language="de", under=under, actor=actor(db, account_id)).id


def move(city, account_id, page, *, under):
    with city.write() as db:
        revision = content.find_entry(db, page).revision
        pages.move(db, page, under=under, revision=revision, actor=actor(db, account_id))


def carry(city, account_id, page, stations):
    with city.write() as db:
        who = actor(db, account_id)
        for station in stations:
            pages.move(db, page, under=station, revision=content.find_entry(db, page).revision, actor=who)


def put_away(city, account_id, page):
    with city.write() as db:
        revision = content.find_entry(db, page).revision
        pages.archive(db, page, revision=revision, actor=actor(db, account_id))


def rewrite_and_put_away(city, account_id, chosen):
    with city.write() as db:
        for page in chosen:
            pages.save_text(db, page, "de", TextDraft(title="Neu", content="", revision=1), actor=actor(db, account_id))
            revision = content.find_entry(db, page).revision
            pages.archive(db, page, revision=revision, actor=actor(db, account_id))


def bring_back(city, account_id, page):
    with city.write() as db:
        revision = content.find_entry(db, page).revision
        pages.restore(db, page, revision=revision, actor=actor(db, account_id))


def title(city, page, language="de"):
    with city.read() as db:
        text = content.text_of(db, page, language)
        return content.version(db, text.current_version_id).title if text else None


def test_an_author_writes_but_does_not_publish(city):
    author, page = member(city, "author"), plant(city, "Arbeit", public=False)
    write(city, author, page)
    with pytest.raises(Forbidden, match="page:publish"):
        publish(city, author, page)


def test_what_is_refused_leaves_nothing_behind(city):
    observer, page = member(city, "observer"), plant(city, "Arbeit")
    with pytest.raises(Forbidden):
        write(city, observer, page)
    assert title(city, page) == "Arbeit"


def test_an_author_archives_nothing_not_even_in_bulk_among_what_they_may_do(city):
    author, editor = member(city, "author"), member(city, "editor")
    first, second = plant(city, "Arbeit", public=False), plant(city, "Wohnen", public=False)
    with pytest.raises(Forbidden):
        rewrite_and_put_away(city, author, [first, second])
    assert title(city, first) == "Arbeit"
    put_away(city, editor, first)
    with pytest.raises(Forbidden, match="page:archive"):
        bring_back(city, author, first)


def test_only_managers_delete_for_good(city):
    editor, manager, page = member(city, "editor"), member(city, "manager"), plant(city, "Arbeit", public=False)
    archive(city, page)
    for someone, allowed in ((editor, False), (manager, True)):
        with nullcontext() if allowed else pytest.raises(Forbidden), city.write() as db:
            revision = content.find_entry(db, page).revision
            pages.delete(db, page, revision=revision, actor=actor(db, someone))


def test_a_translator_writes_only_the_languages_given(city):
    page, translator = plant(city, "Arbeit"), member(city, "translator", languages=["en"])
    write(city, translator, page, "en")
    for language in ("de", "ar"):
        with pytest.raises(Forbidden):
            write(city, translator, page, language)
    with pytest.raises(Forbidden):
        publish(city, translator, page, "en")


def test_a_translator_publishes_translations_if_the_membership_says_so(city):
    page = plant(city, "Arbeit")
    translator = member(city, "translator", may_publish=True)
    write(city, translator, page, "en")
    publish(city, translator, page, "en")
    save(city, page, title="Anders", public=False)
    with pytest.raises(Forbidden, match="nothing but translations"):
        publish(city, translator, page, "de")


def test_a_translator_who_publishes_nothing_may_say_that_a_public_translation_is_still_correct(city):
    """Readers see the same words, under the same address."""
    page = plant(city, "Arbeit")
    translate(city, page, "en", "Work")
    shown = save(city, page, content="<p>Anders</p>")
    assert state(city, page) == State.OUTDATED
    translator = member(city, "translator", languages=["en"])
    confirm(city, translator, page, "en", shown=shown)
    assert state(city, page) == State.UP_TO_DATE
    with city.read() as db:
        text = content.find_text(db, page, "en")
        assert text.public_version_id == text.current_version_id
    other = member(city, "translator", "Karim", languages=["ar"])
    with pytest.raises(Forbidden):
        confirm(city, other, page, "en", shown=save(city, page, content="<p>Wieder anders</p>"))


def confirm(city, account_id, page, language, *, shown):
    with city.write() as db:
        revision = content.find_text(db, page, language).revision
        who = actor(db, account_id)
        content.confirm_text(db, page, language, shown=shown, revision=revision, actor=who)


def state(city, page):
    with city.read() as db:
        return content.states(db, [page])[page, "en"]


def test_an_author_changes_nothing_that_readers_see_at_once(city):
    """Where a page stands and what hangs beside it needs no publishing: it shows."""
    author = member(city, "author")
    draft, public = plant(city, "Entwurf", public=False), plant(city, "Arbeit")
    move(city, author, draft, under=public)
    with pytest.raises(Forbidden, match="Readers see this already"):
        move(city, author, public, under=None)


def test_an_event_manager_has_events_and_no_pages(city):
    keeper, page = member(city, "event_manager"), plant(city, "Arbeit")
    with city.write() as db:
        who = actor(db, keeper)
        event = events.create(db, facts("2126-11-01 10:00"), actor=who)
        content.save_text(db, event.id, "de", WORDS, actor=who)
        content.publish_text(db, event.id, "de", revision=1, actor=who)
    with pytest.raises(Forbidden):
        write(city, keeper, page)


class TestASubtree:
    """An editor who is responsible for one chapter."""

    @pytest.fixture
    def chapter(self, city):
        return plant(city, "Arbeit")

    @pytest.fixture
    def editor(self, city, chapter):
        return member(city, "editor", subtree=[chapter])

    def test_holds_for_everything_below(self, city, chapter, editor):
        below = plant(city, "Steuern", under=plant(city, "Lohn", under=chapter))
        write(city, editor, below)
        publish(city, editor, below)
        assert title(city, below) == "Neu"

    def test_ends_where_other_chapters_begin(self, city, editor):
        other = plant(city, "Wohnen")
        for change in (write, put_away):
            with pytest.raises(Forbidden, match="outside the pages"):
                change(city, editor, other)

    def test_takes_new_pages_inside_and_nowhere_else(self, city, chapter, editor):
        assert create(city, editor, under=chapter)
        for under in (None, plant(city, "Wohnen")):
            with pytest.raises(Forbidden, match="outside the pages"):
                create(city, editor, under=under)

    def test_lets_nobody_pull_a_foreign_page_in_or_push_one_out(self, city, chapter, editor):
        inside, outside = plant(city, "Lohn", under=chapter), plant(city, "Wohnen")
        with pytest.raises(Forbidden):
            move(city, editor, outside, under=chapter)
        with pytest.raises(Forbidden):
            move(city, editor, inside, under=outside)
        move(city, editor, inside, under=plant(city, "Recht", under=chapter))

    def test_keeps_from_other_kinds(self, city, editor):
        with pytest.raises(Forbidden), city.write() as db:
            events.create(db, facts("2126-11-01 10:00"), actor=actor(db, editor))

    def test_takes_no_foreign_page_by_way_of_a_page_of_its_own(self, city, chapter, editor):
        """A move there and back in one go leaves the tree as it was and is refused all the same."""
        other, inside = plant(city, "Wohnen"), plant(city, "Lohn", under=chapter)
        child = plant(city, "Miete", under=other)
        with pytest.raises(Forbidden):
            carry(city, editor, child, [inside, other])
        with pytest.raises(Forbidden):
            carry(city, editor, inside, [other])

    def test_adds_to_what_another_role_allows_everywhere(self, city, chapter, editor):
        other = plant(city, "Wohnen", public=False)
        give(city, editor, "author")
        write(city, editor, other)
        with pytest.raises(Forbidden):
            publish(city, editor, other)
        publish(city, editor, chapter)


def test_rights_take_effect_with_the_next_unit_of_work(city):
    author, page = member(city, "author"), plant(city, "Arbeit", public=False)
    with city.read() as db:
        row = accounts.memberships(db, author)[0]
    with city.write() as db:
        accounts.revoke_membership(db, row.id, actor=SYSTEM)
    with pytest.raises(NotFound):
        write(city, author, page)


def test_a_role_ends_when_its_time_is_over(city):
    author, page = member(city, "author", expires_at=clock.now() + timedelta(days=1)), plant(city, "A", public=False)
    write(city, author, page)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False), pytest.raises(NotFound):
        write(city, author, page)


def test_a_role_in_one_city_is_none_in_another(city, other_city):
    author, page = member(city, "manager"), plant(other_city, "Wohnen")
    with pytest.raises(NotFound):
        write(other_city, author, page)
    give(other_city, author, "observer")
    with pytest.raises(Forbidden):
        write(other_city, author, page)


def test_a_locked_account_may_nothing(city, database):
    manager, page = member(city, "manager"), plant(city, "Arbeit")
    with database.unit_of_work(NO_TENANT, write=True) as db:
        accounts.set_active(db, manager, False, actor=SYSTEM)
    with pytest.raises(Unauthenticated):
        write(city, manager, page)


def test_staff_act_only_where_they_have_entered(city, database):
    staff, page = person(database, "Sam", staff=True), plant(city, "Arbeit")
    with pytest.raises(NotFound):
        write(city, staff, page)
    with city.write() as db:
        accounts.enter(db, staff, reason="broken address reported")
    with city.write() as db:
        archive_revision = content.find_entry(db, page).revision
        pages.archive(db, page, revision=archive_revision, actor=actor(db, staff, acting=True))


# What is offered in lists is what would be allowed


@pytest.mark.parametrize("role", ["observer", "event_manager", "author", "translator", "editor"])
@pytest.mark.parametrize("confined", [False, True], ids=["everywhere", "in one part"])
@pytest.mark.parametrize("languages", [[], ["en"]], ids=["all languages", "one language"])
def test_how_far_rights_reach_is_said_as_each_page_would_say_it(city, role, confined, languages):
    chapter = plant(city, "Schule")
    inside, outside = plant(city, "Kita", under=chapter), plant(city, "Wohnen")
    who = member(city, role, subtree=[chapter] if confined else [], languages=languages)
    with city.read() as db:
        rights = actor(db, who)
        for language in ("de", "en", "ar"):
            roots = rights.reach("write", "page", language=language)
            reached = {chapter, inside, outside} if roots is None else pages.below(db, roots)
            allowed = {
                page
                for page in (chapter, inside, outside)
                if rights.may("write", "page", entry_id=page, language=language)
            }
            assert reached == allowed
