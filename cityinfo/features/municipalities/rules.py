"""What the rows of the public directory mean. Pure.

The list is the “Auszug aus dem Gemeindeverzeichnis” of the Federal Statistical Office (GV-ISys, © Statistisches
Bundesamt, Datenlizenz Deutschland – Namensnennung – Version 2.0). Its columns are known by their place, since headings
stand in three lines and change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cityinfo.features import tenants
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

SORT, MARK, LAND, DISTRICT, COUNTY, UNION, PLACE, NAME = range(8)
POSTAL_CODE, LONGITUDE, LATITUDE = 13, 14, 15
_COUNTY, _UNION, _MUNICIPALITY = "40", "50", "60"
_DIGITS = {LAND: 2, DISTRICT: 1, COUNTY: 2, UNION: 4, PLACE: 3}
# Kinds by the directory's own mark (Textkennzeichen): what it is, and what stands before its name. Marks that are not
# here repeat a municipality (a city that is its own county), or belong to land where nobody lives.
_KINDS = {
    "43": ("Kreis", "Kreis"),
    "44": ("Landkreis", "Landkreis"),
    "45": ("Regionalverband", "Regionalverband"),
    "51": ("Amt", "Amt"),
    "52": ("Samtgemeinde", "Samtgemeinde"),
    "53": ("Verbandsgemeinde", "Verbandsgemeinde"),
    "54": ("Verwaltungsgemeinschaft", "Verwaltungsgemeinschaft"),
    "60": ("Markt", "Markt"),
    "61": ("Kreisfreie Stadt", "Stadt"),
    "62": ("Stadtkreis", "Stadt"),
    "63": ("Stadt", "Stadt"),
    "64": ("Gemeinde", "Gemeinde"),
    "65": ("Gemeindefreies Gebiet", ""),
    "67": ("Große Kreisstadt", "Stadt"),
}
_UNITS = {"4": _COUNTY, "5": _UNION, "6": _MUNICIPALITY}  # which sort of row a mark stands in
_STATES = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}
_TITLED = ("Landeshauptstadt", "Hansestadt", "Universitätsstadt")
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityFacts:
    """One row, understood."""

    region: str
    official_key: str
    name: str
    prefix: str
    kind: str
    state: str
    postal_code: str
    latitude: float | None
    longitude: float | None
    sought: str


def facts_in(rows: Iterable[Sequence[object]]) -> list[MunicipalityFacts]:
    """All municipalities, associations and districts of a list; `Invalid` names the row that cannot be understood."""
    found: dict[str, MunicipalityFacts] = {}
    for number, row in enumerate(rows, start=1):
        cells = [_said(one) for one in row]
        if len(cells) > NAME and cells[MARK] in _KINDS and cells[SORT] == _UNITS[cells[MARK][0]]:
            facts = _facts(cells, number)
            if facts.region in found:
                raise Invalid(
                    "municipality.twice", say("Row {number}: {key} is there twice.", number=number, key=facts.region)
                )
            found[facts.region] = facts
    if not found:
        raise Invalid("municipality.none", "There is no municipality in this file; take the “Auszug GV” as it is.")
    return list(found.values())


def folded(name: str) -> str:
    """A name as it is looked for: small letters without marks, words with one space between them."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).lower().translate(_FOLDED))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters.encode("ascii", "ignore").decode()).split())


def _facts(cells: Sequence[str], number: int) -> MunicipalityFacts:
    parts = {at: cells[at] for at in _DIGITS}
    for at, digits in _DIGITS.items():
        if not re.fullmatch(rf"[0-9]{{{digits}}}|", parts[at]) or (at <= COUNTY and not parts[at]):
            raise Invalid(
                "municipality.key", say("Row {number}: “{key}” is no part of a key.", number=number, key=parts[at][:40])
            )
    above = parts[LAND] + parts[DISTRICT] + parts[COUNTY]
    region = f"{above}{parts[UNION] or '0000'}{parts[PLACE] or '000'}"
    prefix, name = _name(cells)
    return MunicipalityFacts(
        region=region,
        official_key=region if cells[SORT] == _UNION else f"{above}{parts[PLACE] or '000'}",
        name=name,
        prefix=prefix,
        kind=_KINDS[cells[MARK]][0],
        state=_STATES.get(parts[LAND], ""),
        postal_code=_postal_code(cells),
        **dict(zip(("longitude", "latitude"), _point(cells, number), strict=True)),
        sought=folded(name),
    )


def _name(cells: Sequence[str]) -> tuple[str, str]:
    """Prefix and name of “Kiel, Landeshauptstadt”, and of districts whose name has its kind in front already."""
    name, _, title = (part.strip() for part in cells[NAME].partition(","))
    prefix = next((one for one in _TITLED if one in title), _KINDS[cells[MARK]][1])
    if cells[SORT] == _COUNTY and tenants.split_name(name)[0]:
        return tenants.split_name(name)
    return (prefix if prefix in tenants.PREFIXES else ""), name


def _postal_code(cells: Sequence[str]) -> str:
    code = cells[POSTAL_CODE] if len(cells) > POSTAL_CODE else ""
    return code.zfill(5) if code.isdecimal() else ""


def _point(cells: Sequence[str], number: int) -> Iterator[float | None]:
    for at in (LONGITUDE, LATITUDE):
        said = cells[at] if len(cells) > at else ""
        if said and not re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{1,20})?", said):
            raise Invalid(
                "municipality.point", say("Row {number}: “{place}” is no coordinate.", number=number, place=said[:40])
            )
        yield round(float(said.replace(",", ".")), 6) if said else None


def _said(cell: object) -> str:
    """What stands in a cell, whatever a table program has made of it."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
