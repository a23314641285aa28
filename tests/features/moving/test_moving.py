"""A city that moves in: what comes, what a second run does, and what holds nothing up."""

from __future__ import annotations

import orjson
import pytest

from cityinfo.features import content, imports, locations, moving, pages, tenants
from cityinfo.features.content import TextDraft
from cityinfo.features.moving import CityChoices
from cityinfo.kernel.errors import Conflict, Invalid, Unavailable
from tests.factories import EDITOR
from tests.factories_media import DOCUMENT, bomb, library_of, picture
from tests.features.moving.moves import (
    JUST_NOW,
    LATE,
    OLD,
    OldCity,
    a_city,
    ask,
    move,
    published,
    report_of,
    run,
    version_count,
)


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def edit(city, title, words, *, language="de"):
    """An editor writes something else, and publishes it."""
    page = published(city, language)[title]
    with city.write() as db:
        text = content.find_text(db, page["id"], language)
        draft = TextDraft(title=title, content=words, revision=text.revision)
        pages.save_text(db, page["id"], language, draft, actor=EDITOR)
        revision = content.find_text(db, page["id"], language).revision
        pages.publish(db, page["id"], language, revision=revision, actor=EDITOR)
    return page["id"]


def first_level(city):
    """Titles of the first level, in their order."""
    with city.read() as db:
        return [content.titles(db, node.id)["de"] for node in pages.tree(db) if node.parent_id is None]


def sentences(city):
    return [f"{where}: {what}" for where, what in report_of(city)["notes"]]


def test_pages_come_as_a_tree_in_all_languages_with_their_numbers(library):
    old = a_city()
    old.imprints = {"de": {"id": 901, "path": "/kreis/de/imprint/", "title": "Impressum", "content": "<p>Kreis</p>"}}
    city = move(library, old)
    german, english = published(city, "de"), published(city, "en")
    assert list(german) == ["Seite 101", "Seite 102", "Seite 103"]
    assert english["Seite 202"]["parent"] == english["Seite 201"]["id"] == german["Seite 101"]["id"]
    assert german["Seite 101"]["v3"] == {"id": 101, "entry_id": 7001}
    assert english["Seite 201"]["v3"]["id"] == 201
    assert published(city, "de", "imprint")["Impressum"]["v3"]["id"] == 901
    with city.read() as db:
        tenant = tenants.own(db)
    assert (tenant.full_name, tenant.status, tenant.languages) == ("Landkreis Kreis", "hidden", ["de", "en"])
    report = report_of(city)
    assert report["entries"]["page"] == {"new": 3}
    assert report["texts"] == {"de": {"new": 4}, "en": {"new": 2}}


def test_a_second_run_brings_what_changed_there_and_nothing_else(library):
    old = a_city()
    city = move(library, old)
    before = version_count(city)
    move(library, old)
    assert version_count(city) == before
    assert report_of(city)["texts"] == {"de": {"same": 3}, "en": {"same": 2}}
    old.lists["pages", "de"][2] |= {"title": "Abfall", "last_updated": LATE}
    old.page(104, "neues", order=5)
    move(library, old)
    assert first_level(city) == ["Seite 104", "Seite 101", "Abfall"]
    assert version_count(city) == before + 2
    assert report_of(city)["texts"]["de"] == {"new": 1, "changed": 1, "same": 2}


def test_what_was_edited_here_is_never_overwritten_but_said(library):
    old = a_city()
    city = move(library, old)
    edit(city, "Seite 103", "<p>Von hier.</p>")
    move(library, old)
    assert sentences(city) == []
    old.lists["pages", "de"][2] |= {"content": "<p>Von dort.</p>", "last_updated": LATE}
    for _ in range(2):
        move(library, old)
        assert published(city, "de")["Seite 103"]["content"] == "<p>Von hier.</p>"
        assert len(sentences(city)) == 1
        assert "müll (de): It was edited here and changed there" in sentences(city)[0]
        assert report_of(city)["texts"]["de"] == {"same": 2, "left": 1}


def test_what_is_gone_there_leaves_here_unless_someone_worked_on_it(library):
    old = a_city()
    old.page(104, "weg", order=30)
    old.page(105, "bleibt", order=40)
    city = move(library, old)
    edit(city, "Seite 105", "<p>Von hier.</p>")
    gone = [old.lists["pages", "de"].pop() for _ in range(2)]
    old.lists["pages", "en"].pop()
    move(library, old)
    assert list(published(city, "de")) == ["Seite 101", "Seite 102", "Seite 103", "Seite 105"]
    assert list(published(city, "en")) == ["Seite 201"]
    assert report_of(city)["entries"]["page"]["gone"] == 1
    assert [one for one in sentences(city) if one.startswith("Seite 105: It is gone there and was changed here")]
    old.lists["pages", "de"] += gone
    move(library, old)
    assert "Seite 104" in published(city, "de")
    del old.lists["pages", "en"]  # nobody says that they are gone
    move(library, old)
    assert list(published(city, "en")) == ["Seite 201"]


def test_facts_and_order_that_were_changed_here_stay(library):
    old = a_city()
    place = {"location": {"id": 61, "address": "Weg 1"}, "category": {"id": 9, "name": "Treff"}}
    said = old.entry("locations", 601, "haus", **place)
    city = move(library, old)
    house, top = published(city, "de", "location")["Ding 601"]["id"], published(city, "de")["Seite 103"]["id"]
    with city.write() as db:
        part = {"address": {"street": "Hier 2"}}
        locations.change_part(db, house, part, revision=content.find_entry(db, house).revision, actor=EDITOR)
        revision = content.find_entry(db, top).revision
        pages.move(db, top, under=None, after=pages.Place.FIRST, revision=revision, actor=EDITOR)
    move(library, old)
    assert sentences(city) == []
    said["location"]["address"], old.lists["pages", "de"][0]["order"] = "Weg 3", 30
    old.region["plz"] = "86152"
    move(library, old)
    assert published(city, "de", "location")["Ding 601"]["address"]["street"] == "Hier 2"
    assert first_level(city) == ["Seite 103", "Seite 101"]
    found = " ".join(sentences(city))
    assert "Its facts were changed here and there" in found
    with city.read() as db:
        assert tenants.own(db).postal_codes == ["86152"]


def test_a_city_that_an_earlier_importer_brought_goes_on(library):
    old = a_city()
    dumps = [
        imports.parse(orjson.dumps(old.lists["pages", one]), name=f"{one}.json", language=one) for one in old.languages
    ]
    imports.import_pages(library.database, imports.plan(dumps), imports.CityFacts(slug="neu", name="Kreis"))
    old.lists["pages", "de"][2] |= {"title": "Abfall", "last_updated": LATE}
    city = move(library, old)
    assert report_of(city)["texts"] == {"de": {"changed": 1, "same": 2}, "en": {"same": 2}}
    assert sentences(city) == []
    assert first_level(city) == ["Seite 101", "Abfall"]


def test_messages_come_from_servers_without_news_as_well(library):
    old = OldCity()
    for one in old.languages:
        del old.lists["news", one]
    old.region["push_notifications"] = True
    old.lists["fcm", "de"] = [{"id": 7, "title": "Neu", "message": "<p>Da.</p>", "timestamp": JUST_NOW}]
    old.page(1, "start")
    found = published(move(library, old), "de", "news")["Neu"]
    assert found["content"] == "<p>Da.</p>"
    assert found["v3"]["entry_id"] == 7


def test_a_list_that_is_nearly_empty_at_once_takes_nothing_away(library):
    old = OldCity(languages=("de",))
    for number in range(1, 9):
        old.page(number, f"seite-{number}", order=number)
    city = move(library, old)
    del old.lists["pages", "de"][1:]
    move(library, old)
    assert len(published(city, "de")) == 8
    assert "7 of these are gone there at once" in sentences(city)[0]


def test_links_lead_to_entries_of_here(library):
    old = a_city()
    old.entry("events", 501, "fest", event={"id": 51, "start": "2030-05-01T10:00:00+02:00"})
    old.page(
        105,
        "links",
        words='<p><a href="https://integreat.app/kreis/de/willkommen/amt/">a</a>'
        '<a href="/kreis/en/welcome/">b</a><a href="http://alt.example/s/p/103">c</a>'
        '<a href="http://alt.example/kreis/de/events/fest$2030-05-01/">d</a>'
        '<a href="http://alt.example/kreis/de/umgezogen/amt">e</a>'
        '<a href="https://integreat.app/kreis/de/nirgends/">f</a>'
        '<a href="https://integreat.app/andere/de/stadt/">g</a><a href="https://x.example/">h</a></p>',
    )
    city = move(library, old)
    german, english = published(city, "de"), published(city, "en")
    entries = [german[f"Seite {one}"]["id"] for one in (102, 101, 103)]
    party = published(city, "de", "event")["Ding 501"]["id"]
    said = german["Seite 105"]["content"]
    for mark, target in zip("abcde", (entries[0], f"{entries[1]}/en", entries[2], party, entries[0]), strict=True):
        assert f'<a href="entry:{target}">{mark}</a>' in said
    assert '<a href="https://integreat.app/kreis/de/nirgends/">f</a>' in said
    assert '<a href="https://integreat.app/andere/de/stadt/">g</a><a href="https://x.example/">h</a>' in said
    assert english["Seite 201"]["id"] == entries[1]
    report = report_of(city)
    assert report["references"] == 5
    assert report["nowhere"] == [["/kreis/de/links", "https://integreat.app/kreis/de/nirgends/"]]


def test_files_come_once_for_each_content_and_what_cannot_be_had_stays_a_link(library):
    old = a_city()
    old.files = {"/media/a.jpg": picture(), "/media/b.jpg": picture(), "/media/c.pdf": DOCUMENT, "/media/d.png": bomb()}
    old.lists["pages", "de"][2] |= {
        "thumbnail": f"{OLD}/media/a.jpg",
        "content": f'<p><img src="{OLD}/media/a.jpg" alt="Tonnen"><img src="/media/b.jpg" alt="">'
        f'<img src="{OLD}/static/svg/call.svg" alt="Telefon"><img src="{OLD}/media/d.png" alt="">'
        f'<img src="https://fremd.example/e.jpg" alt=""><a href="{OLD}/media/c.pdf">Plan</a>'
        f'<a href="{OLD}/media/fehlt.pdf">Fehlt</a></p>',
    }
    city = move(library, old)
    said = published(city, "de")["Seite 103"]
    assert said["content"].count("/media/") == 6
    assert 'alt="Tonnen"' in said["content"]
    assert "/media/icons/phone.svg" in said["content"]
    for left in ("/media/d.png", "/media/fehlt.pdf", "https://fremd.example/e.jpg"):
        assert left in said["content"]
    assert said["thumbnail"].startswith("/media/")
    assert len(published(city, "de", "media")) == 1
    assert report_of(city)["files"] == {"new": 3, "same": 0, "failed": 2}
    asked = len(old.asked)
    old.files["/media/fehlt.pdf"] = DOCUMENT + b"\n"
    move(library, old)
    assert not [one for one in old.asked[asked:] if "/media/a.jpg" in one]
    assert "/media/fehlt.pdf" not in published(city, "de")["Seite 103"]["content"]


def test_places_come_with_category_contacts_and_hours(library):
    old = OldCity()
    open_in_the_morning = {"timeSlots": [{"start": "08:00", "end": "12:00"}]}
    week = [open_in_the_morning] * 4 + [{"appointmentOnly": True}] + [{"closed": True}] * 2
    contact = {"area_of_responsibility": "Beratung", "name": "Erika Muster", "phone_number": "0821 123456"}
    facts = {
        "location": {"id": 61, "address": "Weg 1", "postcode": "86150", "town": "Ort", "country": "Deutschland"},
        "category": {"id": 9, "name": "Treffpunkt für alle", "color": "#1DC6C6", "icon": "meeting_point"},
        "opening_hours": week,
        "contacts": [contact, {**contact, "area_of_responsibility": "", "name": "Herr Kurz", "email": "keine"}],
        "organization": {"id": 5, "slug": "verein", "name": "Verein", "website": "https://verein.example"},
        "barrier_free": True,
    }
    facts["location"] |= {"latitude": 48.4, "longitude": 10.9}
    old.entry("locations", 601, "haus", **facts)
    city = move(library, old)
    place = published(city, "de", "location")["Ding 601"]
    assert place["opening_hours"] == 'Mo-Th 08:00-12:00; Fr "by appointment"'
    assert place["address"]["street"] == "Weg 1"
    assert place["on_map"]
    assert place["categories"][0]["name"] == "Treffpunkt für alle"
    assert place["organization"]["name"] == "Verein"
    assert place["v3"] == {"id": 601, "entry_id": 61}
    found = published(city, "de", "contact")
    assert found["Beratung"]["name"] == "Erika Muster"
    assert found["Herr Kurz"]["phone"]
    assert [one for one in sentences(city) if "“email” did not come" in one]


def test_events_come_with_their_rule_or_date_by_date(library):
    old = OldCity()
    times = {"start": "2030-11-05T18:00:00+01:00", "end": "2030-11-05T20:00:00+01:00", "timezone": "Europe/Berlin"}
    rule = "DTSTART:20301105T170000\nRRULE:FREQ=WEEKLY;UNTIL=20310220T225959;BYDAY=TU"
    old.entry("events", 501, "kurs", event={"id": 51, **times}, recurrence_rule=rule)
    days = {"start": "2030-12-02T00:00:00+01:00", "end": "2030-12-03T23:59:00+01:00", "all_day": True}
    old.entry("events", 502, "fest", event={"id": 52, **days}, meeting_url="https://raum.example")
    for day in ("07", "09"):
        single = {key: value.replace("-05T", f"-{day}T") for key, value in times.items()}
        old.entry("events", None, f"lauf$2030-11-{day}", event={"id": None, **single})
    old.page(501, "gleiche-nummer")  # texts of each kind are numbered apart there; those of pages are kept
    city = move(library, old)
    found = published(city, "de", "event")
    assert published(city, "de")["Seite 501"]["v3"]["id"] == 501 != found["Ding 501"]["v3"]["id"]
    assert found["Ding 501"]["v3"]["entry_id"] == 51
    assert found["Ding 501"]["recurrence"]["rules"] == ["FREQ=WEEKLY;BYDAY=TU;UNTIL=20310220T235959"]
    assert found["Ding 502"]["all_day"]
    assert (found["Ding 502"]["starts"], found["Ding 502"]["ends"]) == ("2030-12-02T00:00:00", "2030-12-04T00:00:00")
    assert found["Ding None"]["recurrence"]["dates"] == ["2030-11-09T18:00:00"]


def test_odd_answers_hold_nothing_up(library):
    old = a_city()
    old.page(105, "waise", parent=(999, "gibt-es-nicht"), words="<p>Offen<script>alert(1)</script><b onclick=x>!")
    old.page(106, "willkommen/amt/amt", parent=(102, "willkommen/amt"))  # the same last part as another page
    old.page(107, "rund/im-kreis", parent=(108, "im-kreis/rund"))
    old.page(108, "im-kreis/rund", parent=(107, "rund/im-kreis"))
    old.lists["pages", "de"].append({"id": 109, "title": "Ohne Adresse"})
    old.page(110, "events", title="")
    old.lists["pages", "de"].append("kein Objekt")
    city = move(library, old)
    found = published(city, "de")
    assert len(found) == 8
    assert "script" not in found["Seite 105"]["content"]
    assert "onclick" not in found["Seite 105"]["content"]
    said = " ".join(sentences(city))
    for part in ("is not there; it comes first-level", "go round in a circle", "no address there", "cannot be used"):
        assert part in said, part


def test_what_may_come_later_is_asked_for_again_and_leaves_nothing_half(library, monkeypatch):
    monkeypatch.setattr("cityinfo.features.moving.reading.PAUSES", (0.0, 0.0))
    old = a_city()
    old.breaks = {"en/pages": 2}
    city = move(library, old)
    assert len(published(city, "en")) == 2
    old.breaks, old.lists["pages", "de"][0]["title"] = {"en/pages": 3}, "Neu"
    with pytest.raises(Unavailable):
        move(library, old)
    assert "Neu" not in published(city, "de")
    move(library, old)  # the same promise is still open
    assert "Seite 101" in published(city, "de")


def test_a_folder_of_answers_first_and_the_server_later(library, tmp_path):
    old = a_city()
    for one in old.languages:
        (tmp_path / f"pages.{one}.json").write_bytes(orjson.dumps(old.lists["pages", one]))
    requested = ask(library.database, str(tmp_path), CityChoices(slug="neu", region="kreis", name="Kreis"), old)
    run(library, requested, old)
    old.lists["pages", "de"][2]["title"] = "Abfall"
    city = move(library, old)
    assert report_of(city)["texts"] == {"de": {"changed": 1, "same": 2}, "en": {"same": 2}}
    with city.read() as db:
        assert moving.move_in_of(db).source == OLD


def test_after_the_switch_nothing_comes_any_more(library):
    old = a_city()
    city = move(library, old)
    with city.write() as db:
        moving.switch(db, actor=EDITOR)
    with pytest.raises(Conflict):
        move(library, old)


def test_a_city_that_nobody_knows_there_is_refused_and_leaves_nothing(library):
    old = a_city()
    with pytest.raises(Invalid):
        ask(library.database, OLD, CityChoices(slug="neu", region="anders"), old)
    with pytest.raises(Invalid):
        ask(library.database, "ftp://alt.example", CityChoices(slug="neu"), old)
    with library.database.unit_of_work(0) as db:
        assert tenants.at(db, "neu") is None
