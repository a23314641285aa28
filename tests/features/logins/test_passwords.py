"""Which passwords are refused, with one sentence that says why, and how those that are kept grow stronger."""

from __future__ import annotations

import time

import pytest
from argon2 import PasswordHasher

from cityinfo.features.logins import passwords
from cityinfo.kernel.errors import Invalid

AMAL = ["Amal Haddad", "amal.haddad@kreis-gruenau.example", "Landkreis Grünau"]

REFUSED = [
    ("kurz & gut", "at least 12"),
    ("x" * 201, "at most 200"),
    ("passwordpassword", "guessed quickly"),
    ("LeaveMeAlone", "others try first"),
    ("Willkommen2026", "guessed quickly"),
    ("aaaaaaaaaaaaaaaaaa", "guessed quickly"),
    ("abcabcabcabcabc", "guessed quickly"),
    ("qwertzuiop1234", "guessed quickly"),
    ("AmalHaddad2026", "guessed quickly"),
    ("Kreis-Gruenau1!", "guessed quickly"),
    ("Rathaus-Gruenau-2026", "guessed quickly"),
    ("Haddad.Amal.1985", "guessed quickly"),
    ("Sommer2026!!", "guessed quickly"),
]


@pytest.mark.parametrize(("password", "sentence"), REFUSED)
def test_a_weak_password_is_refused_in_one_sentence(password, sentence):
    with pytest.raises(Invalid, match=sentence) as told:
        passwords.check(password, AMAL)
    assert told.value.message.count(". ") == 0
    assert password not in told.value.message


@pytest.mark.parametrize(
    "password", ["vier lange fremde Wörter", "xk3-poqmz-81nd", "ترحيب في مدينتنا اليوم", "🦊 im Nebel, Boot aus Holz"]
)
def test_a_strong_one_is_kept_whatever_letters_it_is_made_of(password):
    digest = passwords.digest_of(password, words=AMAL)
    assert passwords.matches(digest, password)
    assert not passwords.matches(digest, password + "x")
    assert password not in digest


def test_it_is_the_same_however_a_keyboard_composes_its_letters():
    digest = passwords.digest_of("vier lange fremde W\u00f6rter")
    assert passwords.matches(digest, "vier lange fremde Wo\u0308rter")


def test_a_password_of_200_letters_takes_no_longer_to_judge_than_a_person_waits():
    start = time.perf_counter()
    with pytest.raises(Invalid):
        passwords.check("a1B" * 66, AMAL)
    assert time.perf_counter() - start < 1


def test_what_was_kept_with_other_parameters_is_kept_anew():
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("vier lange fremde Wörter")
    new = passwords.renewed(old, "vier lange fremde Wörter")
    assert passwords.matches(new, "vier lange fremde Wörter")
    assert "m=47104,t=1,p=1" in new
    assert passwords.renewed(new, "vier lange fremde Wörter") == new


@pytest.mark.parametrize("digest", [None, "", "no digest"])
def test_where_there_is_no_password_none_is_right(digest):
    assert not passwords.matches(digest, "nobody has this password")
