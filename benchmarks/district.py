"""A real district: its published pages, and questions of which each was made from one of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from cityinfo.features import imports, tenants
from cityinfo.kernel.db import NO_TENANT, Database

DISTRICT = "district"
FOLDER = "../shared/data/lkaugsburg"
LANGUAGE = "de"  # its own
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 4  # letters of a word in which someone mistypes


@dataclass(frozen=True, slots=True)
class Question:
    """What someone asks, and the page it was made from, by its identity in the dump of that language.

    `answerable` says whether that page does answer it. `check` is the half on which nothing was chosen.
    """

    text: str
    language: str
    page_id: int
    answerable: bool
    check: bool


def import_district(database: Database, folder: Path) -> int:
    """The district's published pages, through the same import as everywhere; each file is one language."""
    files = sorted(folder.glob("pages.*.json"), key=lambda file: (f".{LANGUAGE}." not in file.name, file.name))
    dumps = [imports.parse(file.read_bytes(), name=file.name, language=file.suffixes[-2][1:]) for file in files]
    facts = imports.CityFacts(slug=DISTRICT, name="Landkreis Augsburg")
    imports.import_pages(database, imports.plan(dumps), facts)
    with database.unit_of_work(NO_TENANT) as db:
        return tenants.find(db, DISTRICT).id


def questions(file: Path, language: str, *, halved: bool = True) -> list[Question]:
    """The questions in a language, halved by lot; those that everything was chosen on are not."""
    rows = orjson.loads(file.read_bytes())
    chosen = [row for row in rows if row["language"] == language]
    order = list(range(len(chosen)))
    random.Random(7).shuffle(order)
    tuned = set(order[: len(order) // 2] if halved else order)
    return [
        Question(row["question"], language, row["page_id"], row["answerable"], number not in tuned)
        for number, row in enumerate(chosen)
    ]


def mistyped(asked: Sequence[Question]) -> list[Question]:
    """The same questions with one typing error in the longest word of each."""
    return [replace(one, text=_mistype(one.text, random.Random(number))) for number, one in enumerate(asked)]


def _mistype(text: str, chance: random.Random) -> str:
    words = text.split()
    place = max(range(len(words)), key=lambda number: len(words[number]))
    word = words[place]
    if len(word) >= _SHORTEST:
        at = chance.randrange(1, len(word) - 1)
        other = chance.choice(_LETTERS)
        left_out, exchanged = word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        replaced, added = word[:at] + other + word[at + 1 :], word[:at] + other + word[at:]
        words[place] = chance.choice((left_out, exchanged, replaced, added))
    return " ".join(words)
