"""What a city offers to others, on which terms, and how others find it."""

from __future__ import annotations

import pytest

from cityinfo.features import commons, content, pages
from cityinfo.features.commons import Looked, Naming, Terms
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from tests.factories import EDITOR, plant, translate
from tests.features.commons.commons import BY, offer, readers_see


def titles(database, **looked):
    found, number = commons.catalogue(database, Looked(**looked))
    assert number == len(found)
    return [one.titles.get("de") for one in found]


def test_others_find_what_is_offered_by_words_language_and_licence(database, giver, taker):
    licence, school = plant(giver, "Führerschein"), plant(giver, "Schule")
    translate(giver, school, "en", "School", content="<p>Go.</p>")
    plant(giver, "Nur für uns")
    offer(giver, licence, Terms(licence="CC0-1.0", attribution="Geberstadt", note="Gut für Landkreise."))
    offer(giver, school)
    assert titles(database) == ["Schule", "Führerschein"]
    assert titles(database, words="rerschein") == ["Führerschein"]
    assert titles(database, words="landkreise") == ["Führerschein"]
    assert titles(database, words="geberstadt") == ["Schule", "Führerschein"]
    assert titles(database, words="100%") == []
    assert titles(database, language="en") == ["Schule"]
    assert titles(database, licence="CC0-1.0") == ["Führerschein"]
    assert titles(database, without=giver.tenant_id) == []
    assert commons.catalogue(database, Looked(), most=1, skip=1)[1] == 2


def test_an_offer_says_whose_it_is_and_on_which_terms(database, giver, taker):
    school = plant(giver, "Schule", content="<p>Pflicht.</p>")
    offer(giver, school)
    found = commons.find(database, giver.tenant_id, school)
    assert (found.source, found.titles, found.licence, found.attribution) == (
        "geberstadt",
        {"de": "Schule"},
        BY.licence,
        BY.attribution,
    )
    assert commons.words(database, giver.tenant_id, school, "de").content == "<p>Pflicht.</p>"
    assert commons.words(database, giver.tenant_id, school, "en") is None


def test_only_languages_that_readers_see_are_named(database, giver):
    above = plant(giver, "Oben")
    school = plant(giver, "Schule", under=above)
    translate(giver, above, "en", "Above")
    for language in ("en", "ar"):  # nobody can get to the Arabic one
        translate(giver, school, language, "School")
    offer(giver, school)
    assert set(commons.find(database, giver.tenant_id, school).titles) == {"de", "en"}
    assert set(commons.catalogue(database, Looked())[0][0].titles) == {"de", "en"}


def test_what_is_withdrawn_or_not_public_is_found_by_nobody(database, giver):
    school = plant(giver, "Schule")
    offer(giver, school)
    with giver.write() as db:
        commons.withdraw(db, school, actor=EDITOR)
    assert titles(database) == []
    with pytest.raises(NotFound, match="not offered any more"):
        commons.find(database, giver.tenant_id, school)
    assert commons.words(database, giver.tenant_id, school, "de") is None


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (Terms(licence="", attribution="Wir"), "one of the licences"),
        (Terms(licence="CC-BY-NC-4.0", attribution="Wir"), "one of the licences"),
        (Terms(licence="CC0-1.0", attribution=" "), "whom other cities are to name"),
        (Terms(licence="CC0-1.0", attribution="x" * 201), "At most 200"),
        (Terms(licence="CC0-1.0", attribution="Wir", note="x" * 1001), "At most 1000"),
    ],
)
def test_terms_that_nobody_could_keep_are_refused(giver, terms, sentence):
    school = plant(giver, "Schule")
    with pytest.raises(Invalid, match=sentence):
        offer(giver, school, terms)


def test_a_draft_cannot_be_offered(giver):
    with giver.write() as db:
        draft = pages.plant(db, actor=EDITOR).id
    with pytest.raises(Invalid, match="Publish it first"):
        offer(giver, draft)


def test_readers_are_told_whose_words_a_page_began_with(giver):
    school = plant(giver, "Schule", content="<p>Pflicht.</p>")
    naming = Naming(source="anderswo", licence="CC-BY-4.0", attribution="Amt <Mitte> & Co")
    with giver.write() as db:
        commons.give_credit(db, school, naming, actor=EDITOR)
    page = readers_see(giver)["Schule"]
    assert page["content"] == (
        "<p>Pflicht.</p><p>Nach einem Text von Amt &lt;Mitte&gt; &amp; Co, "
        '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>.</p>'
    )
    assert page["credit"]["attribution"] == "Amt <Mitte> & Co"
    with pytest.raises(Conflict, match="who offer it themselves"):
        offer(giver, school)
    with giver.write() as db:
        commons.give_credit(db, school, None, actor=EDITOR)
    assert "credit" not in readers_see(giver)["Schule"]


def test_a_page_that_shows_another_ones_words_names_whose_they_are(giver):
    school, shows = plant(giver, "Schule"), plant(giver, "Für Kinder")
    with giver.write() as db:
        pages.change(db, shows, {"mirrors": school}, revision=content.find_entry(db, shows).revision, actor=EDITOR)
        commons.give_credit(db, school, Naming(source="a", licence="CC0-1.0", attribution="Wir"), actor=EDITOR)
    assert readers_see(giver)["Für Kinder"]["credit"]["licence"] == "CC0-1.0"
