"""What marshmallow finds in parameters and bodies, as sentences of ours that can be said in other languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from cityinfo.kernel.i18n import Sentence, say, with_texts

MOST_NAMED = 100  # in one place: whoever sends more that is wrong has no use for all of it
_UNKNOWN = "Unknown field."  # what marshmallow says of a field whose name it does not repeat
_KNOWN = (
    say("Missing data for required field."),
    say("Field may not be null."),
    say("Invalid value."),
    say("Invalid type."),
    say("Invalid input."),
    say("Invalid input type."),
    say("Invalid JSON body."),
    say("Not a valid list."),
    say("Not a valid string."),
    say("Not a valid utf-8 string."),
    say("Not a valid number."),
    say("Number too large."),
    say("Not a valid integer."),
    say("Special numeric values (nan or infinity) are not permitted."),
    say("Not a valid boolean."),
    say("Not a valid date."),
    say("Not a valid datetime."),
    say("Not a valid time."),
    say("Not a valid aware datetime."),
    say("Not a valid naive datetime."),
    say("Not a valid mapping type."),
    say("Not a valid URL."),
    say("Not a valid email address."),
    say("String does not match expected pattern."),
    say("Must be one of: {choices}."),
    say("Must be equal to {other}."),
    say("Must be greater than or equal to {min} and less than or equal to {max}."),
    say("Must be greater than or equal to {min}."),
    say("Must be less than or equal to {max}."),
    say("Must be greater than {min}."),
    say("Must be less than {max}."),
    say("Shorter than minimum length {min}."),
    say("Longer than maximum length {max}."),
    say("Length must be between {min} and {max}."),
    say("Length must be {equal}."),
)
_NAME = re.compile(r"\\{(\w+)\\}")
_FORMS = [(sentence.one, re.compile(_NAME.sub(r"(?P<\1>.*)", re.escape(sentence.one)), re.S)) for sentence in _KNOWN]


def in_our_words(found: Any) -> Any:
    """The same tree of names, lists and sentences; those of ours stay, and what is unknown is kept as it is."""
    return with_texts(_with_names(found), _sentence)


def writable(text: str) -> str:
    """A text that can be written in UTF-8: halves of characters, which JSON can say, are left out."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def unknown_field(name: str) -> Sentence:
    """That something was sent which nobody reads."""
    return say("Unknown field “{name}”; leave it out.", name=name[:60])


def _with_names(found: Any) -> Any:
    if not isinstance(found, Mapping):
        return found
    return {
        writable(str(name)): [unknown_field(str(name)) if one == _UNKNOWN else one for one in inner]
        if isinstance(inner, list)
        else _with_names(inner)
        for name, inner in islice(found.items(), MOST_NAMED)
    }


def _sentence(text: str) -> Sentence:
    if isinstance(text, Sentence):
        return text
    matches = ((template, form.fullmatch(text)) for template, form in _FORMS)
    return next((Sentence(template, values=match.groupdict()) for template, match in matches if match), Sentence(text))
