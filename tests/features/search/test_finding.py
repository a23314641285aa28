"""Searching what a city has published: its own words alone, in the reader's language where it can be."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from cityinfo.features import content, publishing, search
from cityinfo.features.locations import Address
from tests.factories import archive, make_city, move, plant, save, take_offline, translate
from tests.factories_places import settle
from tests.factories_search import find, make_search, titles

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def searching(city):
    return make_search(city)


@pytest.fixture
def reads(database):
    """How many statements so far have read documents."""
    seen = []

    def note(connection, cursor, statement, *_):
        if statement.startswith("SELECT") and "published.payload" in statement:
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield lambda: len(seen)
    event.remove(database.engine, "before_cursor_execute", note)


def test_only_what_is_public_is_found(city, searching):
    plant(city, "Wohngeld")
    plant(city, "Wohngeldrechner", public=False)
    assert titles(searching, city, "Wohngeld") == ["Wohngeld"]


def test_what_was_published_just_now_is_found(city, searching):
    assert titles(searching, city, "Kindergarten") == []
    page = plant(city, "Kindergarten")
    assert titles(searching, city, "Kindergarten") == ["Kindergarten"]
    save(city, page, title="Krippe", content="<p>Für die Kleinsten.</p>")
    assert titles(searching, city, "Kleinste") == ["Krippe"]


def test_what_was_taken_offline_is_gone_at_once(city, searching):
    page = plant(city, "Wohngeld")
    plant(city, "Wohngeldantrag", under=page)
    assert len(titles(searching, city, "Wohngeld")) == 2
    take_offline(city, page, ["de"])
    assert titles(searching, city, "Wohngeld") == []
    assert titles(searching, city, "Wohngeldantrag") == []


def test_what_was_archived_is_gone_at_once(city, searching):
    page = plant(city, "Wohngeld")
    assert titles(searching, city, "Wohngeld") == ["Wohngeld"]
    archive(city, page)
    assert titles(searching, city, "Wohngeld") == []


def test_another_citys_words_never_appear(city, other_city, searching, editor):
    plant(city, "Wohngeld")
    plant(other_city, "Wohngeld beim Nachbarn")
    with other_city.write() as db:
        search.add_synonyms(db, "de", ["Wohngeld", "Zauberwort"], actor=editor)
    assert titles(searching, city, "Wohngeld") == ["Wohngeld"]
    assert titles(searching, other_city, "Wohngeld") == ["Wohngeld beim Nachbarn"]
    assert titles(searching, city, "Zauberwort") == []


def test_a_page_is_found_by_the_titles_above_it(city, searching):
    parent = plant(city, "Schwangerschaft")
    other = plant(city, "Arbeit")
    child = plant(city, "Beratung", under=parent)
    assert "Beratung" in titles(searching, city, "Schwangerschaft")
    move(city, child, under=other)
    assert titles(searching, city, "Schwangerschaft") == ["Schwangerschaft"]


def test_a_new_title_above_a_page_counts_at_once(city, searching):
    parent = plant(city, "Schwangerschaft")
    plant(city, "Beratung", under=parent)
    assert len(titles(searching, city, "Schwangerschaft")) == 2
    save(city, parent, title="Zahngesundheit")
    assert set(titles(searching, city, "Zahngesundheit")) == {"Zahngesundheit", "Beratung"}
    assert titles(searching, city, "Schwangerschaft") == []


def test_a_place_is_found_by_its_address(city, searching):
    settle(city, "Sporthalle", address=Address(street="Lindenallee 7", postal_code="86316", town="Friedberg"))
    plant(city, "Etwas anderes")
    for query in ("Lindenallee", "86316", "Friedberg"):
        assert titles(searching, city, query) == ["Sporthalle"], query


def test_the_passage_that_answers_is_shown_with_what_was_found_marked(city, searching):
    filler = "".join(f"<p>Satz Nummer {number} über gar nichts.</p>" for number in range(60))
    plant(city, "Ämter", content=f"{filler}<p>Das Wohngeld beantragen Sie bei uns.</p>{filler}")
    (hit,) = find(searching, city, "wohngeld beantragen").hits
    assert "Das <mark>Wohngeld</mark> <mark>beantragen</mark> Sie bei uns." in hit.excerpt
    assert (hit.excerpt[0], hit.excerpt[-1], len(hit.excerpt) < 300) == ("…", "…", True)


def test_markup_in_texts_stays_text_in_excerpts(city, searching):
    plant(city, "Gefahr", content="<p>Wohngeld &lt;script&gt;alert(1)&lt;/script&gt; &amp; <b>mehr</b></p>")
    (hit,) = find(searching, city, "Wohngeld").hits
    assert hit.excerpt == "<mark>Wohngeld</mark> &lt;script&gt;alert(1)&lt;/script&gt; &amp; mehr"


def test_keywords_find_a_page_that_shows_them_nowhere(city, searching, editor):
    page = plant(city, "Wohngeld")
    plant(city, "Etwas anderes")
    assert titles(searching, city, "Mietkostenpauschale") == []
    with city.write() as db:
        content.set_keywords(db, page, "de", ["Mietkostenpauschale"], revision=1, actor=editor)
    (hit,) = find(searching, city, "Mietkostenpauschale").hits
    assert (hit.title, "pauschale" in hit.excerpt) == ("Wohngeld", False)


def test_a_query_in_another_language_finds_the_same_page_in_the_readers(city, searching):
    page = plant(city, "Krankenversicherung", content="<p>Wer hier arbeitet, ist gesetzlich versichert.</p>")
    plant(city, "Müllabfuhr")
    translate(city, page, "ar", "التأمين الصحي", content="<p>كل من يعمل هنا مؤمن عليه.</p>")
    found = find(searching, city, "Wie bin ich krankenversichert?", language="ar")
    assert [(hit.title, hit.language) for hit in found.hits] == [("التأمين الصحي", "ar")]
    assert found.language == "de"


def test_an_arabic_query_is_answered_to_a_german_reader_in_german(city, searching):
    page = plant(city, "Krankenversicherung", content="<p>Wer hier arbeitet, ist gesetzlich versichert.</p>")
    translate(city, page, "ar", "التأمين الصحي", content="<p>كل من يعمل هنا مؤمن عليه.</p>")
    assert titles(searching, city, "تأمين صحي") == ["Krankenversicherung"]


def test_what_is_not_translated_is_found_in_the_citys_language_and_says_so(city, searching):
    plant(city, "Krankenversicherung")
    plant(city, "Greeting", language="en")
    (hit,) = find(searching, city, "Krankenversicherung", language="en").hits
    assert (hit.title, hit.language) == ("Krankenversicherung", "de")


def test_a_number_is_looked_for_in_the_citys_language_too(city, searching):
    plant(city, "Rathaus", content="<p>Telefon 0821 3102-2222</p>")
    (hit,) = find(searching, city, "082131022222", language="ar").hits
    assert (hit.language, hit.excerpt) == ("de", "Telefon <mark>0821 3102-2222</mark>")


def test_a_word_of_the_readers_language_is_not_taken_for_another(city, searching):
    plant(city, "Rente", content="<p>Die Rentenversicherung zahlt.</p>")
    flat = plant(city, "Wohnung", content="<p>Eine Wohnung finden.</p>")
    translate(city, flat, "en", "Rent a flat", content="<p>Rent is paid monthly.</p>")
    found = find(searching, city, "rent", language="en")
    assert (found.language, [hit.title for hit in found.hits]) == ("en", ["Rent a flat"])


def test_at_most_sixteen_indexes_are_open(database):
    cities = [make_city(database, f"stadt-{number}", languages=["de"]) for number in range(18)]
    searching = make_search(cities[0])
    for city in cities:
        plant(city, "Wohngeld")
        assert titles(searching, city, "Wohngeld") == ["Wohngeld"]
    assert len(searching.indexes) == search.MOST_OPEN == 16
    assert titles(searching, cities[0], "Wohngeld") == ["Wohngeld"]


def test_documents_are_read_when_something_was_published_and_not_before(city, searching, reads):
    plant(city, "Wohngeld")
    find(searching, city, "Wohngeld", language="de")
    before = reads()
    find(searching, city, "Wohngeld", language="de")
    assert reads() == before


def test_an_older_snapshot_disturbs_no_newer_index(city, searching):
    plant(city, "Wohngeld")
    with city.read() as db:
        find_in = search.Question(text="Kindergarten", language="de", languages=["de"], limit=10)
        assert searching.find(db, find_in).hits == []
        plant(city, "Kindergarten")
        assert titles(searching, city, "Kindergarten") == ["Kindergarten"]
        assert [hit.title for hit in searching.find(db, find_in).hits] == ["Kindergarten"]


def test_a_new_epoch_starts_the_index_again(city, searching):
    plant(city, "Wohngeld")
    assert titles(searching, city, "Wohngeld") == ["Wohngeld"]
    with city.write() as db:
        publishing.new_epoch(db)
    assert titles(searching, city, "Wohngeld") == ["Wohngeld"]
