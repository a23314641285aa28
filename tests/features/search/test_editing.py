"""What editors do for search: synonyms of their city, keywords of an entry, looking at what nobody found."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import audit, content, publishing, search
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from tests.factories import plant, save, translate
from tests.factories_places import settle
from tests.factories_search import find, make_search, titles

TODAY = date(2026, 11, 25)
sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def searching(city):
    return make_search(city)


def missed(city, **options):
    with city.read() as db:
        return [(one.query, one.count) for one in search.missed(db, TODAY - timedelta(days=30), **options)]


@sqlite
def test_new_synonyms_are_known_at_once_and_forgotten_at_once(city, searching, editor):
    plant(city, "Wohngeld")
    assert titles(searching, city, "Lastenzuschuss") == []
    with city.write() as db:
        group = search.add_synonyms(db, "de", ["Lastenzuschuss", "Wohngeld"], actor=editor)
    assert titles(searching, city, "Lastenzuschuss") == ["Wohngeld"]
    with city.write() as db:
        search.change_synonyms(db, group.id, ["Zulage", "Wohngeld"], revision=1, actor=editor)
    assert (titles(searching, city, "Lastenzuschuss"), titles(searching, city, "Zulage")) == ([], ["Wohngeld"])
    with city.write() as db:
        search.remove_synonyms(db, group.id, revision=2, actor=editor)
    assert titles(searching, city, "Zulage") == []


@sqlite
def test_synonyms_are_of_one_language(city, searching, editor):
    plant(city, "Wohngeld")
    plant(city, "Housing benefit", language="en")
    with city.write() as db:
        search.add_synonyms(db, "en", ["Zuschuss", "housing benefit"], actor=editor)
        assert [group.words for group in search.synonym_groups(db, "en")] == [["Zuschuss", "housing benefit"]]
        assert search.synonym_groups(db, "de") == []
    assert titles(searching, city, "Zuschuss", language="en") == ["Housing benefit"]


@sqlite
def test_what_is_done_to_synonyms_stands_in_the_audit_log(city, editor):
    with city.write() as db:
        group = search.add_synonyms(db, "de", ["Kita", "  Kinder   garten "], actor=editor)
    with city.write() as db:
        search.change_synonyms(db, group.id, ["Kita", "Krippe"], revision=1, actor=editor)
    with city.write() as db:
        search.remove_synonyms(db, group.id, revision=2, actor=editor)
    with city.read() as db:
        rows = db.scalars(select(audit.AuditRow).where(audit.AuditRow.kind == search.KIND).order_by(audit.AuditRow.seq))
        first, second = digest(["Kita", "Kinder garten"]), digest(["Kita", "Krippe"])
        assert [(row.action, row.before, row.after) for row in rows] == [
            ("SynonymsAdded", "", first),
            ("SynonymsChanged", first, second),
            ("SynonymsRemoved", second, ""),
        ]


@sqlite
def test_a_colleagues_synonyms_are_not_overwritten(city, editor, colleague):
    with city.write() as db:
        group = search.add_synonyms(db, "de", ["Kita", "Krippe"], actor=editor)
    with city.write() as db:
        search.change_synonyms(db, group.id, ["Kita", "Hort"], revision=1, actor=colleague)
    with pytest.raises(Conflict), city.write() as db:
        search.change_synonyms(db, group.id, ["Kita", "Tagesmutter"], revision=1, actor=editor)
    with pytest.raises(Conflict), city.write() as db:
        search.remove_synonyms(db, group.id, revision=1, actor=editor)


@sqlite
@pytest.mark.parametrize("words", [["Kita"], ["Kita", " Kita "], ["Kita", "…"], ["Kita", "x" * 81]])
def test_a_group_needs_two_words_of_a_sensible_length(city, editor, words):
    with pytest.raises(Invalid), city.write() as db:
        search.add_synonyms(db, "de", words, actor=editor)


@sqlite
def test_synonyms_of_a_language_the_city_does_not_have_are_refused(city, editor):
    with pytest.raises(Invalid), city.write() as db:
        search.add_synonyms(db, "fr", ["travail", "emploi"], actor=editor)


@sqlite
def test_another_citys_synonyms_cannot_be_changed(city, other_city, editor):
    with other_city.write() as db:
        group = search.add_synonyms(db, "de", ["Kita", "Krippe"], actor=editor)
    with pytest.raises(NotFound), city.write() as db:
        search.change_synonyms(db, group.id, ["Kita", "Hort"], revision=1, actor=editor)


@sqlite
def test_keywords_are_of_one_language_and_of_what_stands_in_for_it(city, searching, editor):
    hall = settle(city, "Sporthalle")
    plant(city, "Etwas anderes")
    with city.write() as db:
        revision = content.find_entry(db, hall).revision
        content.set_keywords(db, hall, "de", ["Turnen"], revision=revision, actor=editor)
    assert titles(searching, city, "Turnen") == ["Sporthalle"]
    page = plant(city, "Wohngeld")
    translate(city, page, "en", "Housing benefit")
    with city.write() as db:
        revision = content.find_entry(db, page).revision
        content.set_keywords(db, page, "en", ["rebate"], revision=revision, actor=editor)
    assert titles(searching, city, "rebate", language="en") == ["Housing benefit"]


@sqlite
def test_keywords_stay_when_the_words_change_and_go_when_they_are_taken_away(city, searching, editor):
    page = plant(city, "Wohngeld")
    with city.write() as db:
        kept = content.set_keywords(
            db, page, "de", [" Lasten  zuschuss ", "", "Lasten zuschuss"], revision=1, actor=editor
        )
        assert kept == ["Lasten zuschuss"]
    save(city, page, content="<p>Ganz neu.</p>")
    assert titles(searching, city, "Lastenzuschuss") == ["Wohngeld"]
    with city.write() as db:
        content.set_keywords(db, page, "de", [], revision=content.find_entry(db, page).revision, actor=editor)
    assert titles(searching, city, "Lastenzuschuss") == []


@sqlite
def test_a_colleagues_keywords_are_not_overwritten(city, editor, colleague):
    page = plant(city, "Wohngeld")
    with city.write() as db:
        content.set_keywords(db, page, "de", ["Zulage"], revision=1, actor=colleague)
    with pytest.raises(Conflict), city.write() as db:
        content.set_keywords(db, page, "de", ["Zuschuss"], revision=1, actor=editor)
    with pytest.raises(NotFound), city.write() as db:
        content.set_keywords(db, page, "en", ["benefit"], revision=2, actor=editor)


@sqlite
def test_documents_with_keywords_are_what_a_recomputation_makes(city, editor):
    page = plant(city, "Wohngeld")
    with city.write() as db:
        content.set_keywords(db, page, "de", ["Zulage"], revision=1, actor=editor)
    with city.read() as db:
        assert list(registry.PROJECTOR.verify(db)) == []


@pytest.mark.parametrize("settings", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_what_nobody_found_is_counted_by_day_and_language(city, other_city, searching, time):
    plant(city, "Wohngeld")
    for _ in range(3):
        find(searching, city, "  Schlittschuhlaufen ")
    searching.misses.write()
    time.shift(timedelta(days=1))
    find(searching, city, "schlittschuhlaufen")
    find(searching, city, "Wohngeld")
    searching.misses.write()
    assert missed(city) == [("schlittschuhlaufen", 4)]
    assert missed(city, language="en") == []
    assert missed(other_city) == []


@sqlite
def test_a_search_in_one_kind_alone_is_not_counted(client, city):
    plant(city, "Wohngeld")
    for _ in range(3):
        client.get("/api/v1/tenants/teststadt/de/search?q=Wohngeld&kind=event")
    client.application.extensions["search"].misses.write()
    assert missed(city, least=1) == []
    client.get("/api/v1/tenants/teststadt/de/search?q=Schlittschuhlaufen")
    client.application.extensions["search"].misses.write()
    assert missed(city, least=1) == [("schlittschuhlaufen", 1)]


@sqlite
def test_counting_takes_no_number(city, searching):
    plant(city, "Wohngeld")
    find(searching, city, "Schlittschuhlaufen")
    before = seq(city)
    searching.misses.write()
    assert seq(city) == before
    assert missed(city, least=1) == [("schlittschuhlaufen", 1)]


def seq(city):
    with city.read() as db:
        return publishing.newest(db)


@sqlite
def test_what_few_have_asked_is_shown_to_nobody(city, searching):
    for _ in range(2):
        find(searching, city, "Meyerbeer Trompete")
    searching.misses.write()
    assert missed(city) == []


@sqlite
@pytest.mark.parametrize(
    "query",
    ["\x00", "eva@example.org", "0821 3102 2222", "x", "DE89 3704 0044", "wort " * 9, "x" * 61, "www.example.org/eva"],
)
def test_what_may_be_about_a_person_is_never_counted(city, searching, query):
    for _ in range(5):
        find(searching, city, query)
    searching.misses.write()
    assert missed(city, least=1) == []


@sqlite
def test_what_waits_to_be_counted_is_bounded(city, searching):
    for number in range(1_200):
        searching.misses.note(
            city.tenant_id, "de", f"wort {chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{number % 7}"
        )
    searching.misses.write()
    assert sum(count for _, count in missed(city, least=1)) <= 1_000
    assert len(missed(city, least=1)) <= 500


@sqlite
def test_what_was_missed_long_ago_is_deleted(city, searching, time):
    find(searching, city, "Schlittschuhlaufen")
    searching.misses.write()
    time.shift(timedelta(days=91))
    assert search.purge(city.database) == 1
    with city.read() as db:
        assert search.missed(db, date(2026, 1, 1), least=1) == []
