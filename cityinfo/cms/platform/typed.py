"""What someone has said of a new city so far. It travels in addresses and hidden fields, so nothing of it is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from cityinfo.cms import sentences
from cityinfo.features import tenants
from cityinfo.features.municipalities import Municipality
from cityinfo.features.onboarding import KINDS, Choices, CityDraft
from cityinfo.features.tenants import TenantDraft
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _

OF_CITY = ("source", "name", "slug", "official_key", "postal_codes", "latitude", "longitude")
OF_CONTENT = ("chosen", "below", "drafts")
EMPTY = "-"  # made from nothing
FIELDS = {
    "tenant.name": "name",
    "tenant.slug": "slug",
    "tenant.slug_reserved": "slug",
    "tenant.slug_taken": "slug",
    "tenant.official_key": "official_key",
    "tenant.postal_code": "postal_codes",
    "tenant.coordinates": "latitude",
}
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Typed:
    """Fields by name, and the two that may be ticked many times. `chosen` says that the second step was seen."""

    values: Mapping[str, str]
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> Self:
        """Of a query or of a form."""
        values = {name: sent.get(name, "").strip() for name in (*OF_CITY, *OF_CONTENT)}
        if values["name"] and not values["slug"]:
            values["slug"] = address_of(tenants.split_name(values["name"])[1])
        return cls(values, tuple(sent.getlist("languages")), tuple(sent.getlist("kinds")))

    def filled(self, found: Municipality) -> Self:
        """With what the directory says of a municipality."""
        said = {
            "name": found.full_name,
            "slug": address_of(found.name),
            "official_key": found.official_key,
            "postal_codes": found.postal_code,
            "latitude": "" if found.latitude is None else str(found.latitude),
            "longitude": "" if found.longitude is None else str(found.longitude),
        }
        return replace(self, values={**self.values, **said})

    def all_of_source(self, languages: tuple[str, ...]) -> Self:
        """As the second step begins: everything ticked."""
        return self if self.values["chosen"] else replace(self, languages=languages, kinds=KINDS)

    @property
    def query(self) -> dict[str, Any]:
        """All of it, as an address says it."""
        return {name: value for name, value in self._plain().items() if value}

    def hidden(self, *names: str) -> Iterator[tuple[str, str]]:
        """These fields, for a form that does not show them."""
        plain = self._plain()
        for name in names:
            value = plain[name]
            yield from ((name, one) for one in ([value] if isinstance(value, str) else value) if one)

    def _plain(self) -> dict[str, str | list[str]]:
        return {**self.values, "languages": list(self.languages), "kinds": list(self.kinds)}

    def faults(self, db: Work) -> dict[str, str]:
        """What the new city cannot be called or lie at, by field."""
        found = {}
        for name in ("latitude", "longitude"):
            if self.values[name] and _degrees(self.values[name]) is None:
                found[name] = _("Write degrees as a number, such as 48.37.")
        for problem in tenants.faults(db, self.facts):
            found.setdefault(FIELDS[problem.code], sentences.said(problem))
        if "name" in found and not self.values["slug"]:
            del found["slug"]  # it is made from the name
        return found

    @property
    def facts(self) -> TenantDraft:
        """Of an empty city."""
        return TenantDraft(**self._draft(), status=tenants.HIDDEN)

    @property
    def city(self) -> CityDraft:
        """Of a city that is made from another one."""
        return CityDraft(**self._draft())

    @property
    def choices(self) -> Choices:
        below = self.values["below"]
        return Choices(
            languages=frozenset(self.languages),
            kinds=frozenset(self.kinds),
            below=int(below) if below.isdecimal() else None,
            drafts=bool(self.values["drafts"]),
        )

    def _draft(self) -> dict[str, Any]:
        prefix, name = tenants.split_name(self.values["name"])
        return {
            "slug": self.values["slug"],
            "name": name,
            "prefix": prefix,
            "official_key": self.values["official_key"].replace(" ", ""),
            "postal_codes": tuple(re.split(r"[\s,;]+", self.values["postal_codes"]))
            if self.values["postal_codes"]
            else (),
            "latitude": _degrees(self.values["latitude"]),
            "longitude": _degrees(self.values["longitude"]),
        }


def address_of(name: str) -> str:
    """What a city may be addressed by, from its name."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).lower().translate(_FOLDED))
    return "-".join(re.sub(r"[^a-z0-9]+", " ", letters.encode("ascii", "ignore").decode()).split())


def _degrees(said: str) -> float | None:
    number = said.replace(",", ".")
    return float(number) if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", number) else None
