"""What archives call entries: the name they came with, else one made of their address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

MOST = 60  # characters; folders stand in folders, and some systems know no long paths
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def check(name: str) -> str:
    """A name that a folder can have on every system; `Invalid` for another one."""
    if not _NAME.fullmatch(name) or len(name) > 2 * MOST:
        raise Invalid("archive.name", say("“{name}” cannot name a folder: use a-z, 0-9 and hyphens.", name=name[:60]))
    return name


def made_of(slug: str, *, otherwise: str) -> str:
    """A name for what stands under this address; `otherwise` where no letter of it is one that names have."""
    plain = unicodedata.normalize("NFKD", slug.lower().translate(_GERMAN))
    words = re.findall("[a-z0-9]+", "".join(one for one in plain if not unicodedata.combining(one)))
    return "-".join(words)[:MOST].strip("-") or otherwise


def free(name: str, taken: Collection[str]) -> str:
    """The name, or with the first number from two on that makes it one nobody has."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
