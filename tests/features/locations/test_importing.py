"""Many locations at once: columns, errors by row, a dry run, and the way back."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cityinfo.cli import main
from cityinfo.features import contacts, content, locations
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR, plant
from tests.factories_entries import revision_of, write
from tests.factories_places import change_location, settle

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

GOOD = """\ufeffBezeichnung;Straße;Hausnummer;PLZ;Ort;Breitengrad;Längengrad;Kategorie;Öffnungszeiten;Beschreibung;Fax
Rathaus;Marktplatz;1;86150;Augsburg;48,3687;10,8986;Behörde, advice;Mo-Fr 08:00-12:00;Für alle.;0821
Bücherei;Hauptstr. 5;;86150;Augsburg;;;culture;;;
"""
BAD = GOOD + "Bad;Am See;3;8615;Augsburg;;;leisure;;;\nHalle;;;;;48,3;;sports;;;\n;X;;;;;;other;;;\n"


@pytest.fixture
def run(city, settings, monkeypatch, tmp_path):
    """Runs `cityinfo import locations` on a file with this text; returns what it says."""
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))

    def run(text, *options, name="orte.csv", encoding="utf-8", fails=False):
        file = tmp_path / name
        file.write_bytes(text.encode(encoding))
        result = CliRunner().invoke(main, ["import", "locations", "teststadt", str(file), *options])
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    return run


def undo(number, *, fails=False):
    result = CliRunner().invoke(main, ["import", "locations", "teststadt", "--undo", str(number)])
    assert (result.exit_code != 0) == fails, result.output
    return result.output


def standing(city):
    """Titles of all locations, with what is said of them."""
    with city.read() as db:
        ids = [row.id for row in locations.locations(db, range_of(db)).values()]
        return {title_of(db, one): locations.facts_of(db, one) for one in ids}


def range_of(db):
    return list(locations.LOCATIONS.all_ids(db))


def title_of(db, location_id):
    return content.version(db, content.find_text(db, location_id, "de").current_version_id).title


def test_a_table_with_german_headings_is_brought_in(run, city, client):
    said = run(GOOD)
    assert "Rows: 2 (2 new, 0 there already, 0 bad)" in said
    assert "Columns nothing is made of: Fax" in said
    assert "Import 1 is done" in said
    hall = standing(city)["Rathaus"]
    assert (hall.address.street, hall.address.postal_code) == ("Marktplatz 1", "86150")
    assert (hall.latitude, hall.longitude, hall.on_map) == (48.3687, 10.8986, True)
    assert (hall.categories, hall.hours) == (["authority", "advice"], "Mo-Fr 08:00-12:00")
    assert [one["title"] for one in client.get("/api/v3/teststadt/de/locations/").json] == ["Bücherei", "Rathaus"]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(run, city):
    said = run(BAD, "--dry-run")
    assert "Rows: 5 (2 new, 0 there already, 3 bad)" in said
    assert "row 2: Rathaus (de)" in said
    assert "Nothing was written." in said
    assert standing(city) == {}


def test_bad_rows_are_named_and_nothing_is_written(run, city):
    said = run(BAD, fails=True)
    assert "row 4: “8615” is no postal code" in said
    assert "row 5: Give latitude and longitude together" in said
    assert "row 6: A text needs a title." in said
    assert said.splitlines()[-1].startswith("error: 3 bad rows: nothing was written")
    assert standing(city) == {}


def test_good_rows_can_be_brought_in_without_the_bad_ones(run, city):
    run(BAD, "--skip-bad")
    assert standing(city).keys() == {"Rathaus", "Bücherei"}


def test_a_second_run_changes_nothing(run, city):
    run(GOOD)
    said = run(GOOD)
    assert "(0 new, 2 there already, 0 bad)" in said
    assert "Nothing was written." in said
    assert len(standing(city)) == 2


def test_columns_can_be_named_by_hand(run, city):
    run("Einrichtung Name,Wo\nTafel,Gasse 1\n", "--column", "name=Einrichtung Name", "--column", "street=Wo",
        "--category", "shopping")  # fmt: skip
    assert standing(city)["Tafel"].address.street == "Gasse 1"
    assert "no column “Fehlt”" in run("a,b\n1,2\n", "--column", "name=Fehlt", fails=True)
    assert "no field of a location" in run("a,b\n1,2\n", "--column", "farbe=a", fails=True)
    assert "names no column" in run("a,b\n1,2\n", "--column", "farbe", fails=True)


def test_a_row_without_a_category_is_bad_unless_one_is_given(run, city):
    assert "row 2: A location needs at least one category." in run("name,ort\nTafel,Augsburg\n", fails=True)
    assert "is no category" in run("name,kategorie\nTafel,Drachen\n", fails=True)


def test_a_table_of_an_old_spreadsheet_is_read(run, city):
    run("Name;Straße;Kategorie\nBürgerbüro;Königstraße 2;Büro\n", encoding="cp1252")
    assert standing(city)["Bürgerbüro"].address.street == "Königstraße 2"


def test_a_map_is_brought_in(run, city):
    tags = {
        "name": "Tafel", "addr:street": "Gasse", "addr:housenumber": "3", "addr:postcode": "86150",
        "opening_hours": "Mo 10:00-12:00", "wheelchair": "limited", "category": "shopping",
    }  # fmt: skip
    corners = [[[10.8, 48.3], [10.9, 48.3], [10.9, 48.4], [10.8, 48.4]]]
    features = [
        {"type": "Feature", "properties": tags, "geometry": {"type": "Polygon", "coordinates": corners}},
        {
            "type": "Feature",
            "properties": {"name": "Brunnen", "category": "Freizeit", "wheelchair": "yes"},
            "geometry": {"type": "Point", "coordinates": [10.85, 48.35]},
        },
    ]
    run(json.dumps({"type": "FeatureCollection", "features": features}), name="orte.geojson")
    found = standing(city)
    assert (found["Tafel"].latitude, found["Tafel"].longitude) == (48.35, 10.85)
    assert (found["Tafel"].accessibility, found["Tafel"].barrier_free) == ({"step_free_entrance": "partly"}, None)
    assert (found["Brunnen"].categories, found["Brunnen"].barrier_free) == (["leisure"], True)


@pytest.mark.parametrize("text", ["{}", '{"features": 3}', '{"features": ["x"]}', "{kaputt"])
def test_what_is_no_map_is_refused_in_one_line(run, text):
    assert "no GeoJSON collection of features" in run(text, fails=True)


def test_an_empty_table_is_refused(run):
    assert "no row below the headings" in run("name,ort\n", fails=True)


def test_an_import_is_taken_back_but_not_what_someone_has_worked_on(run, city):
    run(GOOD + "Halle;;;;;;;sports;;;\n")
    with city.read() as db:
        ids = {title_of(db, one): one for one in range_of(db)}
    change_location(city, ids["Bücherei"], temporarily_closed=True)
    plant(city, "Sport", content=f'<p><a href="entry:{ids["Halle"]}">Halle</a></p>')
    settle(city, "Von Hand")
    said = undo(1)
    assert "locations removed: 1" in said
    assert "uses them: 2" in said
    assert standing(city).keys() == {"Bücherei", "Halle", "Von Hand"}
    assert "no import 1 that could be undone" in undo(1, fails=True)


def test_a_draft_is_not_published(run, city, client):
    run(GOOD, "--draft")
    assert client.get("/api/v3/teststadt/de/locations/").json == []
    assert len(standing(city)) == 2
    assert "locations removed: 2" in undo(1)


def test_either_a_file_or_a_number(city, settings, monkeypatch):
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))
    result = CliRunner().invoke(main, ["import", "locations", "teststadt"])
    assert (result.exit_code, result.output.startswith("error: Give either a file")) == (1, True)


def test_a_file_too_large_is_refused(settings, monkeypatch):
    monkeypatch.setattr("cityinfo.features.locations.sheets.MOST_FILE", 10)
    with pytest.raises(Invalid, match="is the most"):
        locations.parse(b"x" * 11, name="orte.csv")


FULL = """Name;Name_en;name:ar;Beschreibung;Beschreibung_en;Kategorie;Öffnungszeiten;Telefon;E-Mail;Webseite;name_fr
Rathaus;Town hall;البلدية;Für alle.;For all.;authority;Mo-Fr 08:00+;0821 3240;info@stadt.example;https://stadt.example;x
Bücherei;;;;;culture;;;;;
"""


def contacts_of(city):
    with city.read() as db:
        return [contacts.find(db, one) for one in contacts.all_ids(db)]


def test_words_in_every_language_and_a_primary_contact_are_brought_in(run, city, client):
    said = run(FULL)
    assert "row 2: Rathaus (de, en, ar, with a contact)" in said
    assert "row 3: Bücherei (de)" in said
    assert "Columns nothing is made of: name_fr" in said
    (hall,) = client.get("/api/v3/teststadt/en/locations/").json
    assert (hall["title"], "For all." in hall["content"]) == ("Town hall", True)
    (desk,) = hall["contacts"]
    assert (desk["email"], desk["phone_number"], desk["website"]) == (
        "info@stadt.example", "+49 821 3240", "https://stadt.example",
    )  # fmt: skip
    assert [one.is_primary for one in contacts_of(city)] == [True]
    with city.read() as db:
        (place,) = (one for one in range_of(db) if title_of(db, one) == "Rathaus")
        assert content.states(db, [place])[place, "ar"] == content.State.UP_TO_DATE


def test_columns_of_a_language_can_be_named_by_hand(run, city, client):
    run("Ort,Place\nTafel,Food bank\n", "--column", "name=Ort", "--column", "name.en=Place", "--category", "shopping")
    assert [one["title"] for one in client.get("/api/v3/teststadt/en/locations/").json] == ["Food bank"]
    assert "“title.fr” is no field" in run("a,b\n1,2\n", "--column", "name.fr=a", fails=True)


def test_what_nobody_could_dial_write_to_or_open_is_named_by_row(run, city):
    bad = "name,kategorie,telefon,email,website,description_en\n"
    bad += "A,other,ruf an,,,\nB,other,,nirgends,,\nC,other,,,www,\nD,other,,,,Words without a title\n"
    said = run(bad, fails=True)
    for number, why in ((2, "no phone number"), (3, "no e-mail address"), (4, "no web address"), (5, "needs a title")):
        assert next(line for line in said.splitlines() if f"row {number}:" in line).count(why)
    assert (standing(city), contacts_of(city)) == ({}, [])


def test_a_dry_run_makes_no_contacts(run, city):
    run(FULL, "--dry-run")
    assert contacts_of(city) == []


def test_contacts_go_with_the_locations_they_came_with(run, city):
    run(FULL)
    assert "locations removed: 2" in undo(1)
    assert (standing(city), contacts_of(city)) == ({}, [])


@pytest.mark.parametrize("work", ["contact", "text", "use"])
def test_a_location_stays_when_someone_has_worked_on_its_contact(run, city, work):
    run(FULL)
    (desk,) = contacts_of(city)
    if work == "contact":
        with city.write() as db:
            contacts.change_part(db, desk.id, {"phone": "0821 3241"}, revision=revision_of(db, desk.id), actor=EDITOR)
    elif work == "text":
        write(city, desk.id, "Empfang")
    else:
        plant(city, "Wohnen", content=f'<p>Hier.</p><contact-card entry="{desk.id}"></contact-card>')
    assert "locations removed: 1" in undo(1)
    assert (list(standing(city)), len(contacts_of(city))) == (["Rathaus"], 1)
