"""Organizations stand behind other content; whatever names one follows when it changes."""

from __future__ import annotations

import orjson
import pytest

from cityinfo import registry
from cityinfo.features import content, organizations, pages, publishing
from cityinfo.features.organizations import OrganizationFacts, is_web_address
from cityinfo.kernel.errors import Conflict, Invalid
from tests.factories import EDITOR, make_city, plant
from tests.factories_entries import found, revision_of, write

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def document(city, kind, entry_id, language="de"):
    with city.read() as db:
        rows = publishing.payloads_of(db, language, kind, [entry_id])
    return orjson.loads(rows[0]) if rows else None


def change(city, organization_id, **facts):
    with city.write() as db:
        revision = revision_of(db, organization_id)
        organizations.change(db, organization_id, OrganizationFacts(**facts), revision=revision, actor=EDITOR)


def entrust(city, page_id, organization_id):
    with city.write() as db:
        pages.set_organization(db, page_id, organization_id, revision=revision_of(db, page_id), actor=EDITOR)


def test_readers_see_an_organization_once_its_name_is_published(city):
    caritas = found(city, "Caritas", sort="association", website="https://caritas.example")
    assert document(city, "organization", caritas)["website"] == "https://caritas.example"
    assert document(city, "organization", caritas, "en") is None


@on_one_database
def test_a_city_that_falls_back_shows_the_name_it_has(database):
    city = make_city(database, "rueckfall", features={"fallback": True})
    caritas = found(city, "Caritas")
    shown = document(city, "organization", caritas, "en")
    assert (shown["title"], shown["language"], shown["delivered_language"]) == ("Caritas", "en", "de")
    write(city, caritas, "Caritas Association", language="en")
    assert document(city, "organization", caritas, "en")["delivered_language"] == "en"


def test_a_page_follows_when_its_organization_gets_another_name_or_website(city):
    caritas, page = found(city, "Caritas"), plant(city, "Beratung")
    entrust(city, page, caritas)
    assert document(city, "page", page)["organization"]["name"] == "Caritas"
    write(city, caritas, "Caritas Teststadt")
    change(city, caritas, website="https://neu.example")
    organization = document(city, "page", page)["organization"]
    assert (organization["name"], organization["website"]) == ("Caritas Teststadt", "https://neu.example")
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_an_archived_organization_is_named_nowhere(city):
    caritas, page = found(city, "Caritas"), plant(city, "Beratung")
    entrust(city, page, caritas)
    with city.write() as db:
        organizations.archive(db, caritas, revision=revision_of(db, caritas), actor=EDITOR)
    assert document(city, "page", page)["organization"] is None
    assert document(city, "organization", caritas) is None


@on_one_database
def test_an_organization_that_something_belongs_to_cannot_be_deleted(city):
    caritas, page = found(city, "Caritas"), plant(city, "Beratung")
    entrust(city, page, caritas)
    with city.write() as db:
        organizations.archive(db, caritas, revision=revision_of(db, caritas), actor=EDITOR)
    with pytest.raises(Invalid, match="lead here or show this"), city.write() as db:
        organizations.delete_for_good(db, caritas, revision=revision_of(db, caritas), actor=EDITOR)
    entrust(city, page, None)
    with city.write() as db:
        organizations.delete_for_good(db, caritas, revision=revision_of(db, caritas), actor=EDITOR)


@on_one_database
@pytest.mark.parametrize("website", ["caritas.example", "https://", "javascript:alert(1)", "https://a b.example"])
def test_an_address_that_apps_could_not_open_is_refused(city, website):
    with pytest.raises(Invalid, match="web address"):
        found(city, "Caritas", website=website)


@on_one_database
def test_an_organization_is_not_part_of_itself(city):
    whole = found(city, "Verband")
    part = found(city, "Ortsgruppe", part_of=whole)
    with pytest.raises(Invalid, match="part of itself"):
        change(city, whole, part_of=part)


@on_one_database
def test_two_editors_do_not_overwrite_each_other(city):
    caritas = found(city, "Caritas")
    change(city, caritas, sort="faith")
    with pytest.raises(Conflict), city.write() as db:
        organizations.change(db, caritas, OrganizationFacts(), revision=1, actor=EDITOR)


@on_one_database
def test_members_are_known_and_can_leave(city):
    caritas = found(city, "Caritas")
    with city.write() as db:
        organizations.set_members(db, caritas, ["editor:amal", "editor:ben"], actor=EDITOR)
        organizations.set_members(db, caritas, ["editor:amal"], actor=EDITOR)
    with city.read() as db:
        assert organizations.is_member(db, caritas, "editor:amal")
        assert not organizations.is_member(db, caritas, "editor:ben")


@on_one_database
def test_a_relation_leads_only_to_the_kind_it_is_for(city):
    page = plant(city, "Beratung")
    with pytest.raises(Invalid, match="does not exist here"):
        found(city, "Caritas", part_of=page)
    with city.read() as db:
        assert content.related(db, [page], organizations.BELONGS_TO) == {}


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://a:99999/",
            "https://example.org:abc/",
            "https://exa<mple.org",
            "https://%zz.example",
            "http://300.1.1.1/",
        ),
        *("http://1.2.3.4.5/", "https://exa^mple.de", "https://exam|ple.org", "https://xn--a", "https://foo.0x4"),
        *("https://xn--", "https://xn--a-", "https://xn--0.pt", "https://xn--99zzzz999999999"),
        *("https:example.org", "//example.org", "mailto:amt@example.org", "https://exa mple.org", "https://", ""),
    ],
)
def test_an_address_that_no_browser_can_read_is_none(address):
    assert not is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://münchen.de/ämter?q=ö#a",
        "HTTP://example.org",
        "https://example.org:8443/a",
        "http://[::1]/",
        "http://10.0.0.1",
        "https://straße.de",
        "https://xn--strae-oqa.de",
        "https://παράδειγμος.gr",
        "https://xn--i-7iq.ws",
        "https://مثال.إختبار",
    ],
)
def test_an_address_that_browsers_read_is_one(address):
    assert is_web_address(address)
