"""On which terms pages are given away. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

LONGEST_ATTRIBUTION, LONGEST_NOTE = 200, 1_000


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence by its SPDX identifier: what people call it, and where it can be read."""

    key: str
    name: str
    url: str


# Licences that let others publish, change and translate; those who give are named with each of them.
LICENCES: Mapping[str, Licence] = {
    one.key: one
    for one in (
        Licence("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        Licence("CC-BY-SA-4.0", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        Licence("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence("DL-DE-BY-2.0", "dl-de/by-2-0", "https://www.govdata.de/dl-de/by-2-0"),
        Licence("DL-DE-ZERO-2.0", "dl-de/zero-2-0", "https://www.govdata.de/dl-de/zero-2-0"),
    )
}


def check_licence(key: str) -> str:
    """The licence, if it is one of those that others can work with."""
    if key not in LICENCES:
        raise Invalid("commons.licence", "Choose one of the licences.")
    return key


def check_attribution(words: str) -> str:
    """Whom others name, on one line."""
    words = " ".join(words.split())
    if not words:
        raise Invalid("commons.attribution", "Say whom other cities are to name.")
    if len(words) > LONGEST_ATTRIBUTION:
        raise Invalid("commons.attribution", say("At most {most} characters, please.", most=LONGEST_ATTRIBUTION))
    return words


def check_note(words: str) -> str:
    """What other cities should know, if anything."""
    words = words.strip()
    if len(words) > LONGEST_NOTE:
        raise Invalid("commons.note", say("At most {most} characters, please.", most=LONGEST_NOTE))
    return words
