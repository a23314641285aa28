"""Where a passage stands in a text that has changed."""

from __future__ import annotations

import pytest

from cityinfo.features.comments.rules import Passage, mentioned, place

TEXT = "Montag offen, Dienstag zu. Am Montag kommt die Ärztin, am Freitag nicht."


@pytest.mark.parametrize(
    ("passage", "at"),
    [
        (Passage("Montag", "Dienstag zu. Am", "kommt die"), 30),
        (Passage("Montag", "", "offen, Dienstag"), 0),
        (Passage("Montag", "Jeden ersten", "im Monat ist frei"), None),
        (Passage("kommt die Ärztin, am Freitag", "ganz anderes", "ganz anderes"), 37),
        (Passage("Sonntag"), None),
        (Passage(), None),
    ],
)
def test_it_is_found_beside_its_old_neighbours(passage, at):
    assert place(passage, TEXT) == at


def test_whoever_is_called_by_the_whole_name_is_meant():
    people = {"a": "Mira", "b": "Mira Kern", "c": "Tarek", "d": "tarek", "e": "José (Sport)"}
    assert mentioned("@Mira Kern, sieh mal", people) == {"b"}
    assert mentioned("Frag @mira!", people) == {"a"}
    assert mentioned("@TAREK", people) == {"c", "d"}
    assert mentioned("an post@Mira und @Miranda", people) == set()
    assert mentioned("@José (Sport) weiß es", people) == {"e"}
