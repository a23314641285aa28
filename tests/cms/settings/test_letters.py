"""From whom a city's letters come, as its managers say it and people read it."""

from __future__ import annotations

import pytest

from cityinfo.features import logins
from tests.cms.conftest import text_of
from tests.factories_logins import invite, letters

HERE = "/settings/letters"
STYLE = {
    "sender": "Willkommensbüro",
    "reply_to": "Buero@city.example",
    "signature": "Ihr Willkommensbüro\r\nTelefon 0821 3240",
}


SAID = {"sender": "Willkommensbüro", "reply_to": "Buero@city.example", "signature": "Telefon 0821 3240"}


@pytest.fixture
def manager(people):
    return people("manager")


def seen(manager):
    return text_of(manager.get(HERE)).partition('name="seen" value="')[2].partition('"')[0]


def save(manager, **fields):
    return manager.post(HERE, {**STYLE, "seen": seen(manager), **fields})


def style(city):
    with city.read() as db:
        return logins.style.style(db)


def test_invitations_come_from_the_city_and_end_with_its_words(city, manager, settings):
    assert save(manager).status_code == 303
    invite(city, "nour@example.org")
    (letter,) = letters(settings, city.database)
    assert letter["From"].addresses[0].display_name == "Willkommensbüro"
    assert letter["From"].addresses[0].addr_spec in settings.mail_from
    assert letter["Reply-To"] == "buero@city.example"
    assert letter.get_content().endswith("\n-- \nIhr Willkommensbüro\nTelefon 0821 3240\n")


def test_letters_stay_as_they_were_where_nothing_is_said(city, settings):
    invite(city, "nour@example.org")
    (letter,) = letters(settings, city.database)
    assert letter["From"] == settings.mail_from
    assert letter["Reply-To"] is None
    assert "-- " not in letter.get_content()


def test_another_citys_letters_say_nothing_of_it(city, other_city, manager, settings):
    save(manager)
    invite(other_city, "nour@example.org")
    (letter,) = letters(settings, city.database)
    assert letter["From"] == settings.mail_from


def test_a_look_shows_the_letter_and_keeps_nothing(city, manager):
    looked = text_of(save(manager, do="preview"))
    assert "Telefon 0821 3240" in looked.partition("<aside")[2]
    assert style(city).sender == ""


@pytest.mark.parametrize(
    ("field", "words"),
    [("sender", "x" * 101), ("reply_to", "niemand"), ("signature", "x" * 1001), ("sender", "a\x07b")],
)
def test_what_cannot_be_sent_comes_back_as_it_was_typed(city, manager, field, words):
    refused = save(manager, **{field: words})
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert all(said in text_of(refused) for name, said in SAID.items() if name != field)
    assert style(city).signature == ""


def test_what_a_colleague_wrote_meanwhile_is_not_undone_unseen(city, manager):
    before = seen(manager)
    save(manager)
    assert manager.post(HERE, {**STYLE, "sender": "Anders", "seen": before}).status_code == 409
    assert style(city).sender == "Willkommensbüro"


def test_nobody_adds_a_header_by_a_line_break(city, manager):
    assert save(manager, sender="Amt\r\nBcc: all@city.example").status_code == 422


def test_editors_do_not_choose(people):
    assert people("editor").get(HERE).status_code == 403
