"""What a city is: every fact is checked with a sentence, and every change is on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cityinfo.features import audit, content, publishing, tenants
from cityinfo.features.tenants import ACTIVE, ARCHIVED, HIDDEN, LanguageChoice, TenantDraft, rules, split_name
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import EDITOR, make_city, plant, translate
from tests.factories_people import actor, member

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def draft(**facts):
    return TenantDraft(**{"slug": "teststadt", "name": "Teststadt", **facts})


def change(city, **facts):
    with city.write() as db:
        tenants.change(db, draft(**facts), actor=EDITOR)


def choose(city, *choices):
    with city.write() as db:
        tenants.set_languages(db, choices, actor=EDITOR)


def tenant(city):
    with city.read() as db:
        return db.get(tenants.Tenant, city.tenant_id)


def facts_of(row):
    return {column.key: getattr(row, column.key) for column in tenants.Tenant.__table__.c}


def last_row(city):
    with city.read() as db:
        row = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id.desc()).limit(1)).one()
        return row.action, row.kind, row.entry_id, row.actor


def rows(city):
    with city.read() as db:
        return len(db.scalars(select(audit.AuditRow.id)).all())


def directory(database):
    with database.unit_of_work(NO_TENANT) as db:
        return [one.slug for one in tenants.directory(db)], tenants.directory_seq(db)


GERMAN = LanguageChoice(slug="de")
ENGLISH = LanguageChoice(slug="en", source="de")
ARABIC = LanguageChoice(slug="ar", source="en")


# Facts


@pytest.fixture
def refused(city):
    """Try to give the city facts it cannot have; the sentence that says why."""

    def refused(**facts):
        before = tenant(city)
        with pytest.raises(Invalid) as problem:
            change(city, **facts)
        assert facts_of(tenant(city)) == facts_of(before)
        assert rows(city) == 1, "only its creation is on record"
        return problem.value.message

    return refused


@on_one_database
def test_facts_that_cannot_be_are_refused_with_a_sentence(refused):
    assert refused(name="  ") == "A city needs a name."
    assert refused(slug="Müll Stadt") == "“Müll Stadt” is no address for a city: use a-z, 0-9 and single hyphens."
    assert refused(slug="api") == "The address “api” is reserved; choose another one."
    assert refused(status="gone") == "“gone” is no status; choose active, hidden or archived."
    assert refused(official_key="0976") == "“0976” is no official municipality key: write 8 or 12 digits."
    assert refused(time_zone="Mars/Base") == "“Mars/Base” is no time zone; write one such as Europe/Berlin."
    assert refused(latitude=48.0) == "Give latitude and longitude together, or neither."
    assert refused(latitude=91, longitude=10) == "91, 10 is no place on earth: latitude first."
    assert refused(postal_codes=["8615"]) == "“8615” is no postal code: write five digits."
    assert refused(bounding_box=[[1, 2]]) == "A bounding box is [[west, south], [east, north]] and not empty."
    assert refused(aliases={"Vorort": {"latitude": 48}}) == "“Vorort” needs a latitude and a longitude of its own."


@on_one_database
def test_facts_that_are_right_are_kept(city):
    change(
        city,
        name="  Augsburg ",
        prefix="Stadt",
        official_key="09761000",
        status=HIDDEN,
        time_zone="Europe/Vienna",
        latitude=48.37,
        longitude=10.89,
        postal_codes=["86150", "86152"],
        aliases={"Göggingen": {"latitude": 48.34, "longitude": 10.87}},
        features={"events": True, "unknown": True},
        app_url="https://app.example/",
    )
    kept = tenant(city)
    assert (kept.full_name, kept.official_key, kept.time_zone) == ("Stadt Augsburg", "09761000", "Europe/Vienna")
    assert (kept.postal_codes, kept.app_url) == (["86150", "86152"], "https://app.example")
    assert kept.features == {name: name == "events" for name in rules.FEATURES}


@on_one_database
def test_a_city_without_a_drawn_area_gets_a_box_around_its_centre_or_the_whole_country(city):
    (west, south), (east, north) = tenant(city).bounding_box
    assert west < 10.89 < east
    assert south < 48.37 < north
    change(city)
    assert tenant(city).bounding_box == rules.GERMANY


def accepts(check, *values):
    """Whether the rule lets it pass."""
    try:
        check(*values)
    except Invalid:
        return False
    return True


@pytest.mark.parametrize("slug", ["augsburg", "kreis-unna", "x9", "bad-soden-1"])
def test_addresses_of_cities_are_plain(slug):
    assert accepts(rules.check_slug, slug)


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a--b", "A", "ä", "a b", "a/b", "a.b", "a\n"])
def test_other_addresses_are_refused(slug):
    assert not accepts(rules.check_slug, slug)


def test_addresses_that_the_service_needs_itself_are_refused():
    assert not any(accepts(rules.check_slug, slug) for slug in rules.RESERVED_SLUGS)


@pytest.mark.parametrize(
    ("key", "right"),
    [
        ("", True),
        ("09761000", True),
        ("097610000000", True),
        ("0976100", False),
        ("097610000", False),
        ("0976100x", False),
        ("٠٩٧٦١٠٠٠", False),
    ],
)
def test_an_official_key_has_8_or_12_digits(key, right):
    assert accepts(rules.check_official_key, key) is right


@pytest.mark.parametrize(
    ("codes", "right"),
    [([], True), (["86150"], True), (["86150", "8615"], False), (["8615O"], False), (["٨٦١٥٠"], False)],
)
def test_a_postal_code_has_five_digits(codes, right):
    assert accepts(rules.check_postal_codes, codes) is right


@pytest.mark.parametrize("name", ["", "Europe", "Europe/Nowhere", "../etc/passwd", "/etc/localtime", "x" * 500, "a\0b"])
def test_what_is_no_time_zone_is_refused(name):
    assert not accepts(rules.check_time_zone, name)


@pytest.mark.parametrize(
    ("latitude", "longitude", "right"),
    [
        (None, None, True),
        (48.37, 10.89, True),
        (-90, 180, True),
        (48.37, None, False),
        (None, 10.89, False),
        (90.1, 0, False),
        (0, -180.1, False),
        (float("nan"), 0, False),
    ],
)
def test_a_point_is_on_earth(latitude, longitude, right):
    assert accepts(rules.check_point, latitude, longitude) is right


@pytest.mark.parametrize(
    ("box", "right"),
    [
        ([[10.7, 48.2], [11.0, 48.5]], True),
        ([[11.0, 48.2], [10.7, 48.5]], False),
        ([[10.7, 48.5], [11.0, 48.2]], False),
        ([[10.7, 48.2], [10.7, 48.5]], False),
        ([[10.7, 48.2], [200, 48.5]], False),
        ([[10.7, 48.2]], False),
        ([[10.7, 48.2, 3], [11.0, 48.5]], False),
        ([["west", 48.2], [11.0, 48.5]], False),
        ([[None, 48.2], [11.0, 48.5]], False),
        ([], False),
    ],
)
def test_a_box_is_south_west_then_north_east_with_an_area(box, right):
    assert accepts(rules.check_box, box) is right


@pytest.mark.parametrize(
    "place", [None, [48, 10], {}, {"latitude": 48, "longitude": None}, {"latitude": 95, "longitude": 1}]
)
def test_another_name_leads_to_a_point(place):
    assert not accepts(rules.check_aliases, {"Vorort": place})
    assert accepts(rules.check_aliases, {"Vorort": {"latitude": 48.3, "longitude": 10}})


@pytest.mark.parametrize(
    ("full_name", "parts"),
    [
        ("Landkreis Augsburg", ("Landkreis", "Augsburg")),
        (" Stadt  Augsburg ", ("Stadt", "Augsburg")),
        ("Augsburg", ("", "Augsburg")),
        ("Stadt", ("", "Stadt")),
        ("Stadtallendorf", ("", "Stadtallendorf")),
        ("Bad Tölz", ("", "Bad Tölz")),
    ],
)
def test_readers_find_a_city_under_its_name_not_under_its_kind(full_name, parts):
    assert split_name(full_name) == parts


# Addresses and status


def test_an_address_belongs_to_one_city(database):
    make_city(database, "teststadt")
    with pytest.raises(Conflict, match="“teststadt” belongs to another city"):
        make_city(database, "teststadt")
    other = make_city(database, "nachbarstadt")
    with pytest.raises(Conflict, match="“teststadt” belongs to another city"):
        change(other, slug="teststadt")


@on_one_database
def test_a_city_is_found_whatever_the_case_unless_it_is_archived(city):
    with city.read() as db:
        assert tenants.find(db, "TestStadt").id == city.tenant_id
    change(city, status=ARCHIVED)
    with city.read() as db, pytest.raises(NotFound):
        tenants.find(db, "teststadt")


def test_the_directory_lists_hidden_cities_and_no_archived_ones(database):
    make_city(database, "zwiesel", name="Zwiesel")
    hidden, archived = make_city(database, "aalen", status=HIDDEN, name="Aalen"), make_city(database, "mitte")
    with archived.write() as db:
        tenants.set_status(db, ARCHIVED, actor=EDITOR)
    assert directory(database)[0] == ["aalen", "zwiesel"]
    with hidden.write() as db:
        tenants.set_status(db, ACTIVE, actor=EDITOR)
    assert directory(database)[0] == ["aalen", "zwiesel"]


@on_one_database
def test_the_directory_counts_every_change_and_no_other_save(database):
    city = make_city(database, "teststadt")
    before = directory(database)[1]
    change(city, name="Neu")
    change(city, name="Neu")
    plant(city, "Wohnen")
    assert directory(database)[1] == before + 1


@on_one_database
def test_a_status_nobody_knows_is_refused(city):
    with pytest.raises(Invalid, match="choose active, hidden or archived"), city.write() as db:
        tenants.set_status(db, "deleted", actor=EDITOR)


@on_one_database
def test_an_archived_city_publishes_in_no_language(city):
    change(city, status=ARCHIVED)
    with city.read() as db:
        assert tenants.active_languages(db) == []


@on_one_database
def test_there_is_nothing_to_change_in_a_city_that_does_not_exist(database):
    with pytest.raises(NotFound), database.unit_of_work(4711, write=True) as db:
        tenants.change(db, draft(), actor=EDITOR)


# Languages


@on_one_database
@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ([], "Exactly one language"),
        ([GERMAN, LanguageChoice(slug="en")], "Exactly one language"),
        ([LanguageChoice(slug="de", source="en"), ENGLISH], "Exactly one language"),
        ([GERMAN, LanguageChoice(slug="en", source="ar"), ARABIC], "goes round in a circle"),
        ([GERMAN, LanguageChoice(slug="en", source="en")], "en → en goes round in a circle"),
        ([GERMAN, ARABIC], "ar is translated from en, which is not in the tree"),
        ([GERMAN, ENGLISH, ENGLISH], "en stands in the tree twice"),
        ([GERMAN, LanguageChoice(slug="tlh", source="de")], "“tlh” is not in the registry of languages"),
    ],
)
def test_a_tree_of_languages_that_cannot_be_is_refused(city, choices, sentence):
    with pytest.raises(Invalid, match=sentence):
        choose(city, *choices)
    with city.read() as db:
        assert list(tenants.tree(db)) == ["de", "en", "ar"]


@on_one_database
def test_languages_stand_in_the_order_of_the_tree(city):
    choose(city, GERMAN, LanguageChoice(slug="ar", source="de"), LanguageChoice(slug="en", source="ar"))
    with city.read() as db:
        assert {slug: row.source for slug, row in tenants.tree(db).items()} == {"de": None, "ar": "de", "en": "ar"}
        assert tenants.active_languages(db) == tenant(city).languages == ["de", "ar", "en"]


@on_one_database
def test_a_hidden_language_can_be_read_and_is_in_no_list(city):
    choose(city, GERMAN, LanguageChoice(slug="en", source="de", visible=False))
    assert (tenant(city).languages, tenant(city).active_languages) == (["de"], ["de", "en"])


@on_one_database
@pytest.mark.parametrize("choices", [(GERMAN,), (GERMAN, LanguageChoice(slug="en", source="de", active=False))])
def test_a_language_that_is_switched_off_keeps_its_texts(city, choices):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    choose(city, *choices)
    assert (tenant(city).languages, tenant(city).active_languages) == (["de"], ["de"])
    choose(city, GERMAN, ENGLISH)
    with city.read() as db:
        text = content.find_text(db, page, "en")
        assert content.version(db, text.public_version_id).title == "Housing"


@on_one_database
def test_cities_share_the_registry_and_not_their_trees(city, other_city):
    choose(city, GERMAN)
    with other_city.read() as db:
        assert tenants.active_languages(db) == ["de", "en", "ar"]
        assert tenants.languages(db)["ar"].direction == "rtl"


@on_one_database
def test_registering_the_languages_again_changes_nothing(database):
    with database.unit_of_work(NO_TENANT, write=True) as db:
        tenants.register_languages(db)
    with database.unit_of_work(NO_TENANT) as db:
        assert len(tenants.languages(db)) == len(tenants.registry())


# On record


@on_one_database
def test_every_change_is_on_record_and_no_other_save(city):
    about = ("tenant", city.tenant_id, "editor:eva")
    assert last_row(city) == ("LanguagesChanged", *about)
    change(city, name="Neu")
    assert last_row(city) == ("TenantChanged", *about)
    with city.write() as db:
        tenants.set_status(db, HIDDEN, actor=EDITOR)
    assert last_row(city) == ("PlaceChanged", *about)
    choose(city, GERMAN)
    assert rows(city) == 4
    change(city, name="Neu", status=HIDDEN)
    choose(city, GERMAN)
    assert rows(city) == 4


@on_one_database
def test_a_change_of_facts_moves_the_tenants_head(city):
    def head():
        with city.read() as db:
            return publishing.heads(db, [(publishing.EVERY_LANGUAGE, publishing.TENANT)])

    before = head()
    change(city, name="Neu")
    assert head() > before


@on_one_database
def test_a_city_cannot_close_or_move_itself(city):
    """Its name and its languages are its managers' to change; status and address are the platform's."""
    manager = member(city, "manager")
    change(city, name="Neu")
    for closing in (
        lambda db: tenants.set_status(db, ARCHIVED, actor=actor(db, manager)),
        lambda db: tenants.change(db, TenantDraft(slug="anderswo", name="Neu"), actor=actor(db, manager)),
    ):
        with pytest.raises(Forbidden), city.write() as db:
            closing(db)
    with city.write() as db:
        tenants.set_languages(db, [LanguageChoice(slug="de")], actor=actor(db, manager))
