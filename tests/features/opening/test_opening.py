"""What a new city lacks before its readers come, and who shows it to them."""

from __future__ import annotations

import pytest

from cityinfo.features import condition, content, imprint, logins, opening, placeholders, tenants
from cityinfo.features.accounts import MANAGER
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Conflict, Forbidden
from tests.factories import EDITOR, ask_for_facts, make_city, plant, translate
from tests.factories_people import actor, give, member, person
from tests.web.test_statements import Statements


@pytest.fixture
def new_city(database):
    """Hidden, in German and English."""
    return make_city(database, "neustadt", languages=("de", "en"), status=tenants.HIDDEN)


def left(city):
    with city.read() as db:
        return opening.checklist(db).left


def write_imprint(city, *languages):
    with city.write() as db:
        entry = imprint.open_imprint(db, actor=EDITOR)
        for language in languages:
            content.save_text(db, entry.id, language, content.TextDraft(title="I", content="<p>x</p>"), actor=EDITOR)
            revision = content.find_text(db, entry.id, language).revision
            content.publish_text(db, entry.id, language, revision=revision, actor=EDITOR)


def with_login(database, name):
    account_id, digest = person(database, name), logins.passwords.digest_of("correct horse battery")
    with database.unit_of_work(NO_TENANT, write=True) as db:
        logins.passwords.keep(db, account_id, digest)
    return account_id


def test_every_step_is_done_when_it_is_done(new_city, database):
    ask_for_facts(new_city)
    assert left(new_city) == list(opening.STEPS)
    with new_city.write() as db:
        placeholders.fill(db, {("youth_office.phone", ""): "030 23125000"}, actor=EDITOR)
    page = plant(new_city, "Wohnen")
    write_imprint(new_city, "de", "en")
    assert left(new_city) == ["managers", "languages", "test"]
    translate(new_city, page, "en", "Living")
    member(new_city, MANAGER, "Mara")
    give(new_city, with_login(database, "Amal"), MANAGER)
    with new_city.read() as db:
        found = opening.checklist(db)
    assert (found.managers, found.invited, found.left) == (1, 1, ["managers", "test"])
    give(new_city, with_login(database, "Layla"), MANAGER)
    with new_city.write() as db:
        opening.tick_test(db, True, actor=EDITOR)
    assert left(new_city) == []


def test_pages_that_readers_of_a_visible_language_cannot_read_are_counted(new_city):
    first, _second = plant(new_city, "Wohnen"), plant(new_city, "Arbeit")
    translate(new_city, first, "en", "Living")
    with new_city.read() as db:
        languages = opening.checklist(db).languages
    assert [(one.slug, one.unread, one.of) for one in languages] == [("de", 0, 2), ("en", 1, 2)]
    with new_city.write() as db:
        hidden = tenants.LanguageChoice(slug="en", source="de", visible=False)
        tenants.set_languages(db, [tenants.LanguageChoice(slug="de"), hidden], actor=EDITOR)
    assert "languages" not in left(new_city)


def test_much_takes_as_many_statements_as_little(new_city, database):
    asked = Statements(database.engine)
    member(new_city, MANAGER, "Mara")
    few = asked.of(lambda: left(new_city))
    ask_for_facts(new_city)
    for number in range(5):
        plant(new_city, f"Seite {number}")
        member(new_city, MANAGER, f"M{number}")
    assert asked.of(lambda: left(new_city)) == few


def test_a_manager_shows_a_new_city_once_and_the_platform_ever_after(new_city, database):
    mara, tarek = member(new_city, MANAGER, "Mara"), member(new_city, "editor", "Tarek")
    with pytest.raises(Forbidden), new_city.write() as db:
        opening.go_live(db, actor=actor(db, tarek))
    with new_city.write() as db:
        opening.go_live(db, actor=actor(db, mara))
    with new_city.write() as db:
        assert tenants.own(db).status == tenants.ACTIVE
        tenants.set_status(db, tenants.HIDDEN, actor=EDITOR)
    with pytest.raises(Conflict, match="shown before"), new_city.write() as db:
        opening.go_live(db, actor=actor(db, mara))


def test_a_city_that_was_public_from_the_beginning_is_no_new_one(city):
    with city.write() as db:
        tenants.set_status(db, tenants.HIDDEN, actor=EDITOR)
    with city.read() as db:
        assert not opening.may_go_live(db)


def test_a_template_waits_for_no_readers(new_city):
    ask_for_facts(new_city)
    with new_city.read() as db:
        assert not opening.is_new(db)
    with new_city.write() as db:
        placeholders.fill(db, {("youth_office.phone", ""): "030 23125000"}, actor=EDITOR)
    with new_city.read() as db:
        assert opening.is_new(db)


def test_the_platforms_list_counts_steps_of_hidden_cities_alone(new_city, city):
    for one, steps in ((new_city, 4), (city, None)):
        with one.write() as db:
            assert condition.measure(db).steps_left == steps
