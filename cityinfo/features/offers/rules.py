"""Decisions about offers. Pure: no session, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from cityinfo.features.organizations import is_web_address
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

SORTS = ("service", "course", "benefit", "funding", "volunteering", "link")
AUDIENCES = (
    "newcomers refugees asylum_seekers eu_citizens unaccompanied_minors families parents single_parents pregnant"
    " children teenagers young_adults women men seniors pupils students apprentices job_seekers employees self_employed"
    " disabled lgbtiq volunteers professionals".split()
)
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
OLDEST = 150  # years
MOST_SLOTS = 50
MOST_NAME = 100
_ALIAS = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

NONE, GET, POST = "none", "get", "post"


def check_sort(sort: str, link: str) -> None:
    if sort not in SORTS:
        raise Invalid(
            "offer.sort",
            say("“{sort}” is no kind of offer; choose one of: {choices}.", sort=sort, choices=", ".join(SORTS)),
        )
    if sort == "link" and not link:
        raise Invalid("offer.link", "An external link needs its address; write it with https://.")


def check_audiences(audiences: Sequence[str]) -> None:
    for name in audiences:
        if name not in AUDIENCES:
            choices = ", ".join(sorted(AUDIENCES))
            sentence = say("“{name}” is no target group; choose from: {choices}.", name=name[:50], choices=choices)
            raise Invalid("offer.audience", sentence)


def check_spoken(languages: Sequence[str], known: Collection[str]) -> None:
    for name in languages:
        if name not in known:
            choices = ", ".join(sorted(known))
            sentence = say("“{name}” is no language we know; choose from: {choices}.", name=name[:50], choices=choices)
            raise Invalid("offer.language", sentence)


def check_age(first: int | None, last: int | None) -> None:
    for age in (first, last):
        if age is not None and not 0 <= age <= OLDEST:
            raise Invalid(
                "offer.age", say("{age} is no age; write whole years from 0 to {oldest}.", age=age, oldest=OLDEST)
            )
    if first is not None and last is not None and first > last:
        raise Invalid(
            "offer.age", say("The ages go from {first} to {last}; write the lower one first.", first=first, last=last)
        )


def check_cost(least: int | None, most: int | None) -> None:
    """Cents; a lower bound without an upper one means “from”."""
    if least is None and most is not None:
        raise Invalid("offer.cost", "Say from how much on it costs, 0 when it can be free.")
    if least is not None and (least < 0 or (most is not None and most < least)):
        raise Invalid("offer.cost", "A cost is not negative, and its upper bound not below the lower one.")


def check_dates(deadline: datetime | None, valid_until: datetime | None) -> None:
    if deadline and valid_until and deadline > valid_until:
        raise Invalid("offer.deadline", "The deadline lies after the end of the offer; choose an earlier one.")


def check_address(address: str) -> None:
    if address and not is_web_address(address):
        raise Invalid(
            "offer.address", say("“{address}” is no web address; write it with https://.", address=address[:100])
        )


def check_schedule(slots: Sequence[Mapping[str, Any]]) -> None:
    """Weekly slots in the city's time: ``{"day": "mo", "from": "09:00", "to": "10:30"}``."""
    if len(slots) > MOST_SLOTS:
        raise Invalid(
            "offer.schedule", say("A week has at most {most} slots here; join some of them.", most=MOST_SLOTS)
        )
    for slot in slots:
        if set(slot) != {"day", "from", "to"} or slot["day"] not in DAYS:
            raise Invalid(
                "offer.schedule", say("A slot has a day ({choices}), a beginning and an end.", choices=", ".join(DAYS))
            )
        if not all(_TIME.fullmatch(str(slot[name])) for name in ("from", "to")) or slot["from"] >= slot["to"]:
            raise Invalid("offer.schedule", "A slot begins and ends on the same day; write times such as 09:00.")


def ends_at(deadline: datetime | None, valid_until: datetime | None) -> datetime | None:
    """When an offer leaves public sight by itself: at its end, or else when nobody can apply any more."""
    return valid_until or deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    """An offer of another system, as a template says it.

    `postal_code` says how the city's own is handed over: behind the address (`get`), among `post`, or not (`none`).
    `asks_for` names the field of `post` that each city fills with an address of its own.
    """

    alias: str
    name: str
    url: str
    thumbnail: str
    postal_code: str = NONE
    post: Mapping[str, str] = field(default_factory=dict)
    asks_for: str = ""
    retired: bool = False


def checked_template(template: External) -> External:
    """As it is kept; `Invalid` for what apps could not open."""
    name = " ".join(template.name.split())
    if not _ALIAS.fullmatch(template.alias):
        raise Invalid("template.alias", "Write a short word for apps: small letters, digits and hyphens.")
    if not name or len(name) > MOST_NAME:
        raise Invalid("template.name", say("Write a name of at most {most} letters.", most=MOST_NAME))
    if not is_web_address(template.thumbnail):
        raise Invalid("template.thumbnail", "The picture needs a web address; write it with https://.")
    if template.url and not is_web_address(template.url):
        raise Invalid("template.url", "This is no web address; write it with https://.")
    if not template.url and not template.asks_for:
        raise Invalid("template.url", "Give it an address, or a field in which every city writes one of its own.")
    if template.postal_code not in (NONE, GET, POST):
        raise Invalid("template.postal_code", "Say whether it is told the city's postal code.")
    return replace(template, name=name)


def check_external(template: External, address: str, postal_code: str) -> None:
    """Whether a city may switch this on."""
    if template.asks_for and not is_web_address(address):
        raise Invalid(
            "offer.external_address", say("“{name}” needs a web address of the city's own.", name=template.name)
        )
    if address and not template.asks_for:
        raise Invalid(
            "offer.external_address", say("“{name}” has its own address; leave it empty.", name=template.name)
        )
    if template.postal_code != NONE and not postal_code:
        raise Invalid(
            "offer.postal_code", say("“{name}” needs a postal code; give the city one first.", name=template.name)
        )


def as_apps_expect(template: External, address: str, postal_code: str) -> dict[str, Any]:
    """What apps are given of an external offer."""
    post = dict(template.post)
    if template.asks_for:
        post[template.asks_for] = address
    if template.postal_code == POST:
        post["search-plz"] = postal_code
    url = template.url + (quote(postal_code) if template.postal_code == GET else "")
    return {
        "alias": template.alias,
        "name": template.name,
        "url": url,
        "thumbnail": template.thumbnail,
        "post": post or None,
    }
