"""How hard a text is said to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityinfo.features.quality import readability

EASY = (
    "Sie müssen Ihre Wohnung anmelden. Dafür haben Sie zwei Wochen Zeit. Kommen Sie in das Bürgerbüro. Bringen Sie"
    " Ihren Ausweis mit. Die Anmeldung kostet nichts. Sie bekommen sofort ein Papier."
)
SO_SO = (
    "Im Stadtteilhaus treffen sich jeden Dienstag Menschen aus vielen Ländern. Sie trinken Kaffee und sprechen Deutsch."
    " Die Teilnahme ist kostenlos. Eine Anmeldung brauchen Sie nicht. Kinder sind willkommen, für sie gibt es eine"
    " Spielecke mit Betreuung."
)
HARD = (
    "Die Inanspruchnahme der Leistungen setzt voraus, dass die antragstellende Person ihren gewöhnlichen Aufenthalt im"
    " Zuständigkeitsbereich der Behörde nachweist und sämtliche erforderlichen Unterlagen vollständig einreicht."
    " Widersprüche gegen Entscheidungen der Verwaltungsbehörde sind innerhalb eines Monats nach Bekanntgabe schriftlich"
    " einzulegen."
)
ENGLISH = (
    "You have to register your flat. You have two weeks for this. Come to the office with your passport. It costs"
    " nothing. You get a paper at once. Keep it in a safe place at home."
)


# What textstat 0.7.13 says of the same words.
@pytest.mark.parametrize(("text", "grade", "ease"), [(EASY, 4.15, 5), (SO_SO, 8.04, 4), (HARD, 17.15, 1)])
def test_german_is_measured_by_the_wiener_sachtextformel(text, grade, ease):
    found = readability(text, "de")
    assert found.grade == pytest.approx(grade, abs=0.3)
    assert found.ease == ease


def test_english_is_measured_by_flesch_and_kincaid():
    assert readability(ENGLISH, "en").year == 1
    dense = "Applications for residence authorisation necessitate documentary verification procedures. " * 5
    assert readability(dense, "en").year == 15


@pytest.mark.parametrize("language", ["ar", "uk", "fa", "tr"])
def test_nothing_is_said_where_there_is_no_sound_measure(language):
    assert readability(EASY, language) is None


def test_nothing_is_said_of_a_few_words():
    assert readability("Kommen Sie zum Amt.", "de") is None


def test_easy_german_is_german():
    assert readability(EASY, "de-si") == readability(EASY, "de")


def test_the_hardest_sentences_are_named_the_worst_first():
    found = readability(f"{EASY} {HARD} {SO_SO}", "de")
    assert [sentence[:12] for sentence in found.hardest] == ["Die Inanspru", "Widersprüche"]
    assert readability(EASY, "de").hardest == []


def test_short_forms_and_dates_end_no_sentence():
    dotted = "Das Amt hat z. B. am 3. Mai und am 12. Mai in der Str. am Markt Nr. 5 geöffnet. " * 3
    plain = "Das Amt hat am Mai und am Mai in der Straße am Markt geöffnet. " * 3
    longest = max(readability(dotted, "de").grade, readability(plain, "de").grade)
    assert longest < 8
    assert readability(dotted.replace("z. B.", "zum"), "de").grade == pytest.approx(
        readability(dotted.replace("z. B.", "zum").replace("3. ", "").replace("12. ", ""), "de").grade, abs=0.5
    )


def test_a_line_without_a_dot_is_a_sentence():
    """Items of a list are read one by one."""
    items = "Ausweis oder Pass\nBestätigung vom Vermieter\nGeburtsurkunde der Kinder\n" * 5
    assert readability(items, "de").grade < readability(items.replace("\n", " "), "de").grade


@given(st.text(alphabet='aäeiy.!?"z 3\n-', max_size=400), st.sampled_from(["de", "en"]))
def test_whatever_is_typed_has_a_year_or_none(text, language):
    found = readability(text, language)
    assert found is None or (1 <= found.year <= 15 and 1 <= found.ease <= 5)
