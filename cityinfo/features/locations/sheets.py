"""Files of locations: tables (CSV) and maps (GeoJSON), read into rows with the names of our fields. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

import orjson

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

MOST_FILE = 50_000_000  # bytes
# Our field → headings that mean it, besides its own name. Those with a colon are OpenStreetMap's.
HEADINGS: Mapping[str, str] = {
    "title": "name titel bezeichnung einrichtung",
    "description": "beschreibung text inhalt",
    "street": "strasse straße adresse anschrift address addr:street",
    "house_number": "hausnummer hausnr addr:housenumber",
    "addition": "adresszusatz zusatz",
    "postal_code": "plz postleitzahl postcode zip addr:postcode",
    "town": "ort stadt city gemeinde addr:city",
    "country": "land addr:country",
    "latitude": "breitengrad breite lat y",
    "longitude": "längengrad laengengrad länge lon lng long x",
    "categories": "category kategorie kategorien",
    "hours": "opening_hours öffnungszeiten oeffnungszeiten",
    "appointment_url": "termin terminlink",
    "barrier_free": "barrierefrei rollstuhlgerecht wheelchair",
    "phone": "telefon tel fon contact:phone",
    "email": "e-mail mail contact:email",
    "website": "webseite homepage internet url contact:website",
}
WORDS = ("title", "description")  # can be said in every language, as `title.en`
_IN_LANGUAGE = re.compile(r"(?P<heading>.+?)[_:. -](?P<language>[a-z]{2,3}(?:-[a-z]{2,4})?)")
_FIELD_OF = {heading: name for name, headings in HEADINGS.items() for heading in (name, *headings.split())}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its number there, as a spreadsheet counts, and its cells under the names of our fields."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read, and the columns nothing was made of."""

    name: str
    rows: Sequence[Row]
    ignored: Sequence[str] = field(default_factory=list)


def parse(raw: bytes, *, name: str, columns: Mapping[str, str] | None = None, languages: Collection[str] = ()) -> Sheet:
    """Read a file. `columns` says for our fields which heading of the file is meant, before the usual ones.

    Words can be given in each of these `languages`, under headings such as `name_en` or `name:en`.
    """
    columns = columns or {}
    known_fields = [*HEADINGS, *(f"{field}.{language}" for language in languages for field in WORDS)]
    for one in columns:
        if one not in known_fields:
            raise Invalid(
                "import.column",
                say(
                    "“{one}” is no field of a location; choose from: {choices}.",
                    one=one,
                    choices=", ".join(known_fields),
                ),
            )
    text = decoded(raw)
    is_map = text.lstrip().startswith("{")
    numbered = _of_map(raw, name) if is_map else _of_table(text, name)
    headings = list(dict.fromkeys(heading for _, cells in numbered for heading in cells))
    fields = _fields(headings, columns, languages)
    rows = [Row(number, _renamed(cells, fields)) for number, cells in numbered]
    return Sheet(name, [row for row in rows if any(row.cells.values())], [one for one in headings if one not in fields])


def _fields(headings: Iterable[str], columns: Mapping[str, str], languages: Collection[str]) -> dict[str, str]:
    """Heading → field. A field named by hand is taken from that heading only."""
    by_hand = {heading: field for field, heading in columns.items()}
    known = list(headings)
    for heading in by_hand:
        if heading not in known:
            raise Invalid(
                "import.column",
                say(
                    "There is no column “{heading}”; the file has: {choices}.",
                    heading=heading,
                    choices=", ".join(known),
                ),
            )
    usual = {heading: _usual(heading.strip().casefold(), languages) for heading in known if heading not in by_hand}
    return {**{one: to for one, to in usual.items() if to and to not in columns}, **by_hand}


def _usual(heading: str, languages: Collection[str]) -> str | None:
    """The field a heading means by itself."""
    spoken = _IN_LANGUAGE.fullmatch(heading)
    if heading in _FIELD_OF or spoken is None:
        return _FIELD_OF.get(heading)
    field, language = _FIELD_OF.get(spoken["heading"]), spoken["language"]
    return f"{field}.{language}" if field in WORDS and language in languages else None


def _renamed(cells: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for heading, value in cells.items():
        if heading in fields and value.strip():
            found.setdefault(fields[heading], value.strip())
    return found


def decoded(raw: bytes) -> str:
    """A file as text; `Invalid` for one that is too large."""
    if len(raw) > MOST_FILE:
        raise Invalid(
            "import.too_large", say("The file has {number} bytes; {most} is the most.", number=len(raw), most=MOST_FILE)
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # what spreadsheets in Germany still write


def _of_table(text: str, name: str) -> list[tuple[int, dict[str, str]]]:
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="", restval="")
    try:
        found = [(reader.line_num, {heading: value for heading, value in cells.items() if heading}) for cells in reader]
    except csv.Error as error:
        sentence = say("{name}: row {number} cannot be read; export it anew.", name=name, number=reader.line_num + 1)
        raise Invalid("import.table", sentence) from error
    if not found:
        raise Invalid("import.empty", say("{name}: there is no row below the headings.", name=name))
    return found


def _of_map(raw: bytes, name: str) -> list[tuple[int, dict[str, str]]]:
    try:
        features = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))["features"]
        return [(number, _of_feature(one)) for number, one in enumerate(features, start=1)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid("import.map", say("{name}: this is no GeoJSON collection of features.", name=name)) from None


def _of_feature(feature: Mapping[str, Any]) -> dict[str, str]:
    cells = {key: str(value) for key, value in (feature.get("properties") or {}).items() if value is not None}
    points = list(_points((feature.get("geometry") or {}).get("coordinates") or []))
    if points:
        cells["longitude"], cells["latitude"] = (str(round(fmean(axis), 7)) for axis in zip(*points, strict=True))
    return cells


def _points(coordinates: Sequence[Any]) -> Iterable[tuple[float, float]]:
    """All corners, however deep they stand; their middle is where a building is."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
    elif coordinates:
        for one in coordinates:
            yield from _points(one)
