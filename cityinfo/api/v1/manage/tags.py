"""Tags: which revisions someone has seen, as `ETag` and `If-Match` carry them.

The tag of an entry names its own revision and that of each of its texts: `"4;de=3;en=1"`. A change compares the part it
is about, so that who changes facts is not held up by who translates meanwhile. What has no revisions has a digest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import ETags

from cityinfo.api.http import json_bytes
from cityinfo.features import content

_ENTRY = re.compile(r"(\d{1,15})((?:;[^;=]{1,20}=\d{1,15})*)")
WRITTEN = "^[!-~][ -~]+[!-~]$"  # a tag with its quotes: never empty, never `*`
_UNKNOWN = -1  # no revision has it


@dataclass(frozen=True, slots=True)
class Seen:
    """What a caller had before them. An entry's revision, those of its texts by language, and the tag as it came."""

    tag: str = ""
    entry: int = _UNKNOWN
    texts: Mapping[str, int] = field(default_factory=dict)

    def text(self, language: str) -> int:
        """0 where there was no text yet."""
        return _UNKNOWN if self.entry == _UNKNOWN else self.texts.get(language, 0)


def tag_of(draft: content.Draft) -> str:
    """The tag of an entry with all its texts."""
    texts = "".join(f";{language}={one.text.revision}" for language, one in sorted(draft.texts.items()))
    return f"{draft.entry.revision}{texts}"


def digest_of(value: object) -> str:
    """The tag of something without revisions: a digest of what is answered."""
    return hashlib.sha256(json_bytes(value)).hexdigest()[:32]


def seen(sent: ETags) -> Seen:
    """What an `If-Match` names: one tag, strong."""
    tags: list[Any] = list(sent.as_set(include_weak=True))
    strong = len(tags) == 1 and tags[0] and sent.is_strong(tags[0])  # an empty one is None to the library
    return parsed(tags[0]) if strong else Seen()


def parsed(tag: str) -> Seen:
    """A tag as someone sends it back."""
    found = _ENTRY.fullmatch(tag)
    if found is None:
        return Seen(tag)
    parts = (part.partition("=") for part in found[2].split(";") if part)
    return Seen(tag, int(found[1]), {language: int(revision) for language, _, revision in parts})
