"""What is taken of a city and what is left, and what becomes of whatever leads from the one to the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import contacts, content, locations, media, onboarding, organizations, pages, tenants
from cityinfo.features.onboarding import Choices, CityDraft, Outcome, reading
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR, archive, ask_for_facts, make_city, mirror, plant, save, translate
from tests.factories_media import library_of, picture, put
from tests.features.onboarding.test_clones import cloned, documents, every_row, random_city, states


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def planned(library, source, **choices):
    return onboarding.plan(library.database, source.slug, Choices(**{name: _set(one) for name, one in choices.items()}))


def taken(library, source, **choices):
    return cloned(library, source, choices=Choices(**{name: _set(one) for name, one in choices.items()}))


def _set(value):
    return frozenset(value) if isinstance(value, set) else value


def contents(clone, language="de"):
    with clone.read() as db:
        rows = db.execute(
            select(content.Version.title, content.Version.content)
            .join(content.Text, content.Text.current_version_id == content.Version.id)
            .where(content.Text.language == language)
        )
        return dict(rows.all())


def new_contact(city, title):
    with city.write() as db:
        contact = contacts.create(db, contacts.ContactFacts(phone="030 23125000"), actor=EDITOR)
        content.save_text(db, contact.id, "de", content.TextDraft(title=title, content=""), actor=EDITOR)
        return contact.id


def test_templates_are_the_first_of_all_sources(library, city, database):
    template = make_city(database, "vorlage", status=tenants.HIDDEN)
    ask_for_facts(template)
    asking = cloned(library, template)  # it asks as well, but came from somewhere
    make_city(database, "fort", status=tenants.ARCHIVED)
    found = onboarding.sources(database)
    assert [(one.tenant.slug, one.is_template) for one in found] == [
        ("vorlage", True), (asking.slug, False), ("teststadt", False),
    ]  # fmt: skip
    with template.read() as db, asking.read() as other:
        assert (onboarding.is_template(db), onboarding.is_template(other)) == (True, False)


def test_two_presses_at_the_same_moment_make_one_city(library, city, monkeypatch):
    both, read = Barrier(2, timeout=20), reading.read

    def wait_for_the_other(*asked, **options):
        both.wait()
        return read(*asked, **options)

    monkeypatch.setattr(reading, "read", wait_for_the_other)
    draft = CityDraft(slug="neustadt", name="Neustadt")
    with ThreadPoolExecutor(2) as pool:
        press = partial(onboarding.request, library.database, city.slug, draft, key="press", actor=EDITOR)
        first, second = (one.result() for one in [pool.submit(press), pool.submit(press)])
    assert first.tenant_id == second.tenant_id
    assert {first.known, second.known} == {True, False}


def test_languages_are_a_part_of_the_tree_with_what_they_are_translated_from(library, city):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Living")
    translate(city, page, "ar", "السكن")
    plant(city, "Weg", content=f'<p><a href="entry:{page}/ar">dort</a></p>')
    with pytest.raises(Invalid, match="take both"):
        planned(library, city, languages={"en"})
    with pytest.raises(Invalid, match="does not speak"):
        planned(library, city, languages={"de", "fr"})
    assert [one.outcome for one in planned(library, city, languages={"de", "en"}).conflicts] == [Outcome.FOLLOWS]
    clone = taken(library, city, languages={"de", "en"})
    assert {row["language"] for row in every_row(clone)["text"]} == {"de", "en"}
    with clone.read() as db:
        assert list(tenants.tree(db)) == ["de", "en"]
        wohnen = db.scalar(select(content.Address.entry_id).where(content.Address.slug == "wohnen"))
    assert f'href="entry:{wohnen}"' in contents(clone)["Weg"]


def test_what_leads_to_something_left_loses_the_link_and_keeps_the_words(library, city):
    file, contact = put(library, city, picture(), de="Ein Haus"), new_contact(city, "Amt")
    other = plant(city, "Altes")
    words = f'<p><a href="entry:{other}">dort</a> <a href="media:{file}">Plan</a></p>'
    shown = f'<p>So: <img src="media:{file}" alt=""></p><contact-card entry="{contact}" show="phone"></contact-card>'
    plant(city, "Wohnen", content=words + shown)
    archive(city, other)
    plan = planned(library, city, kinds={"page"})
    assert sorted((one.role, one.outcome.name) for one in plan.conflicts) == [
        ("contact", "GONE"), ("link", "WORDS"), ("media", "GONE"),
    ]  # fmt: skip
    assert plan.entries == {"page": 1}
    assert plan.left["page", "archived"] == plan.left["contact", "not chosen"] == plan.left["media", "not chosen"] == 1
    assert "Wohnen" in plan.titles.values()
    clone = taken(library, city, kinds={"page"})
    assert contents(clone) == {"Wohnen": "<p><a>dort</a> <a>Plan</a></p><p>So: </p>"}


def test_a_relation_to_something_left_is_dropped(library, city):
    with city.write() as db:
        whose = organizations.create(db, organizations.OrganizationFacts(sort="authority"), actor=EDITOR)
        content.save_text(db, whose.id, "de", content.TextDraft(title="Amt", content=""), actor=EDITOR)
        place = locations.create(db, locations.LocationFacts(categories=["other"], organization=whose.id), actor=EDITOR)
        content.save_text(db, place.id, "de", content.TextDraft(title="Haus", content=""), actor=EDITOR)
    plan = planned(library, city, kinds={"location"})
    assert [(one.entry_id, one.role, one.target_id) for one in plan.conflicts] == [(place.id, "organization", whose.id)]
    assert every_row(taken(library, city, kinds={"location"}))["relation"] == []


def test_a_part_of_the_tree_comes_with_all_below_it(library, city):
    top = plant(city, "Ankommen")
    plant(city, "Anmelden", under=top)
    away = plant(city, "Arbeit")
    mirror(city, top, of=away)
    plan = planned(library, city, below=top)
    assert plan.entries == {"page": 2}
    assert [(one.role, one.outcome) for one in plan.conflicts] == [("mirror", Outcome.DROPPED)]
    clone = taken(library, city, below=top)
    with clone.read() as db:
        tree = pages.tree(db)
    assert [node.parent_id is None for node in tree] == [True, False]
    assert sorted(contents(clone)) == ["Ankommen", "Anmelden"]
    with pytest.raises(Invalid, match="no page"):
        planned(library, city, below=12)


def test_what_hangs_below_an_archived_page_stays_behind(library, city):
    top = plant(city, "Ankommen")
    plant(city, "Anmelden", under=top)
    plant(city, "Arbeit")
    archive(city, top)
    assert sorted(contents(taken(library, city))) == ["Arbeit"]


def test_everything_can_come_as_drafts(library, city):
    page = plant(city, "Wohnen")
    save(city, page, title="Wohnung", slug="wohnung", public=False)
    put(library, city, picture(), de="Ein Haus")
    clone = taken(library, city, drafts=True)
    assert [key for key in documents(clone) if key[1] == "page"] == []
    assert "Wohnung" in contents(clone)
    rows = every_row(clone)["address"]
    assert [(row["slug"], row["role"]) for row in rows if row["kind"] == "page"] == [("wohnung", "reserved")]
    assert all(state == "up_to_date" for key, state in states(clone).items() if key[1] == "de")


def test_only_the_newest_public_and_the_newest_draft_version_come_and_say_what_they_came_from(library, city):
    page = plant(city, "Eins")
    save(city, page, title="Zwei")
    save(city, page, title="Drei", public=False)
    save(city, page, title="Vier", public=False)
    clone = taken(library, city)
    assert sorted(row["title"] for row in every_row(clone)["version"]) == ["Vier", "Zwei"]
    there = {row["title"]: row for row in every_row(city)["version"]}
    here = {row["title"]: row for row in every_row(clone)["version"]}
    (origin,) = every_row(clone)["text_origin"]
    assert (origin["source_version_id"], origin["version_id"]) == (there["Zwei"]["id"], here["Zwei"]["id"])
    assert origin["source_digest"] == there["Zwei"]["digest"]
    (entry,) = every_row(clone)["origin"]
    assert (entry["source"], entry["source_entry_id"]) == (city.slug, page)


def test_a_plan_writes_nothing(library, city):
    plant(city, "Wohnen")
    before = every_row(city)
    planned(library, city)
    assert every_row(city) == before


def test_the_logo_is_the_clones_own_file(library, city):
    file = put(library, city, picture(), de="Ein Haus")
    with city.write() as db:
        theme = tenants.Theme(light="#005a9c", dark="#8ab4f8", logo=media.logo(db, file))
        tenants.set_theme(db, theme, actor=EDITOR)
    clone = taken(library, city)
    (here,) = every_row(clone)["media_file"]
    with clone.read() as db:
        logo = tenants.theme(db).logo
        assert tenants.theme(db).light == "#005a9c"
    assert (logo["id"], logo["url"]) == (here["id"], f"/media/{here['key']}")


def test_files_are_copied_and_never_shared(library, city):
    put(library, city, picture(), de="Ein Haus")
    clone = taken(library, city)
    (there,), (here,) = every_row(city)["media_file"], every_row(clone)["media_file"]
    library.store.delete(there["key"])
    assert here["key"].startswith(f"{clone.tenant_id}/")
    assert library.store.get(here["key"])


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kinds", [{"page"}, {"page", "media"}, {"event", "location"}, {"offer", "contact", "news"}])
def test_any_part_of_a_random_city_stands_on_its_own(kinds, library, database):
    source = random_city(library, "quelle", 11, acts=50)
    for number, drafts in enumerate((False, True)):
        choices = Choices(kinds=frozenset(kinds), languages=frozenset({"de", "en"}), drafts=drafts)
        clone = cloned(library, source, CityDraft(slug=f"neu-{number}", name="Neu"), choices)
        with clone.read() as db:
            assert not list(onboarding.faults(db, store=library.store, projector=registry.PROJECTOR))
        states(clone)
