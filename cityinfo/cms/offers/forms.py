"""What the form of an offer shows and sends. Everything in it is text, as it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from flask import request

from cityinfo.cms.amounts import cents, euros
from cityinfo.cms.entries import picking
from cityinfo.cms.layout import city_zone
from cityinfo.features.offers import OfferFacts
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _

FREE, AMOUNT = "free", "amount"
SEVERAL = ("locations", "contacts", "audiences", "spoken")
FIELDS = (
    *("sort", "provider", "picture", *SEVERAL, "age_from", "age_to", "cost", "cost_from", "cost_to", "schedule"),
    *("deadline_on", "deadline_at", "valid_on", "valid_at", "link", "appointment", "everything"),
    *("eligibility", "documents", "steps", "cost_words", "find_locations", "find_contacts", "find_picture"),
)
_LAST = time(23, 59)  # of a day, where no time is named


def shown(facts: OfferFacts) -> dict[str, str]:
    """The facts of an offer as fields show them."""
    return {
        "sort": facts.sort,
        "provider": str(facts.provider or ""),
        "picture": str(facts.picture or ""),
        "locations": picking.together(facts.locations),
        "contacts": picking.together(facts.contacts),
        "audiences": ",".join(facts.audiences),
        "spoken": ",".join(facts.spoken),
        "age_from": _written(facts.age_from),
        "age_to": _written(facts.age_to),
        "schedule": "\n".join("|".join((one["day"], one["from"], one["to"])) for one in facts.schedule),
        "link": facts.link,
        "appointment": facts.appointment,
        **_costs(facts.cost_from, facts.cost_to),
        **_moment("deadline", facts.deadline),
        **_moment("valid", facts.valid_until),
    }


def schedule_typed() -> str:
    """The week as it was sent: a line for each time that says anything."""
    rows = zip(*(request.form.getlist(f"slot_{name}") for name in ("day", "from", "to")), strict=False)
    return "\n".join("|".join(map(_plain, row)) for row in rows if row[1] or row[2])


def slots(values: Mapping[str, str]) -> Iterator[Sequence[str]]:
    """Day, beginning and end of each line."""
    for line in values.get("schedule", "").splitlines():
        day, start, end = line.split("|")
        yield day, start, end


def with_facts(before: OfferFacts, values: Mapping[str, str]) -> OfferFacts:
    """The offer with what was typed. A moment that was not touched stays as exact as it was."""
    old = shown(before)
    cost_from, cost_to = _cost_typed(values)
    return replace(
        before,
        sort=values["sort"],
        provider=picking.one(values["provider"]),
        picture=picking.one(values["picture"]),
        locations=picking.many(values["locations"]),
        contacts=picking.many(values["contacts"]),
        audiences=_names(values["audiences"]),
        spoken=_names(values["spoken"]),
        age_from=_age(values["age_from"]),
        age_to=_age(values["age_to"]),
        cost_from=cost_from,
        cost_to=cost_to,
        schedule=[{"day": day, "from": start, "to": end} for day, start, end in slots(values)],
        deadline=_moment_typed("deadline", values, old, before.deadline),
        valid_until=_moment_typed("valid", values, old, before.valid_until),
        link=values["link"].strip(),
        appointment=values["appointment"].strip(),
    )


def _costs(least: int | None, most: int | None) -> dict[str, str]:
    if (least, most) == (0, 0):
        return {"cost": FREE, "cost_from": "", "cost_to": ""}
    said = AMOUNT if least is not None or most is not None else ""
    return {"cost": said, "cost_from": euros(least), "cost_to": euros(most)}


def _cost_typed(values: Mapping[str, str]) -> tuple[int | None, int | None]:
    if values["cost"] == FREE:
        return 0, 0
    if values["cost"] != AMOUNT:
        return None, None
    least, most = cents(values["cost_from"]), cents(values["cost_to"])
    if least is None and most is None:
        raise Invalid("offer.cost", _("Say how much it costs, or that it is free."))
    return least, most


def _age(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal():
        raise Invalid("offer.age", _("Write an age in whole years, such as 6."))
    return int(text)


def _moment(name: str, moment: datetime | None) -> dict[str, str]:
    if moment is None:
        return {f"{name}_on": "", f"{name}_at": ""}
    local = moment.astimezone(city_zone())
    is_last = (local.hour, local.minute) == (_LAST.hour, _LAST.minute)
    return {f"{name}_on": f"{local:%Y-%m-%d}", f"{name}_at": "" if is_last else f"{local:%H:%M}"}


def _moment_typed(
    name: str, values: Mapping[str, str], old: Mapping[str, str], before: datetime | None
) -> datetime | None:
    day, clock = values[f"{name}_on"].strip(), values[f"{name}_at"].strip()
    if (day, clock) == (old[f"{name}_on"], old[f"{name}_at"]):
        return before
    if not day:
        return None
    try:
        typed = datetime.fromisoformat(f"{day}T{clock or f'{_LAST:%H:%M}'}")
    except ValueError:
        raise Invalid(f"offer.{name}_on", _("Choose a day; write it like 2026-05-31.")) from None
    return typed.replace(tzinfo=city_zone())


def _plain(text: str) -> str:
    """Without what keeps days and times apart."""
    return " ".join(text.replace("|", " ").split())


def _names(text: str) -> list[str]:
    return [one for one in text.split(",") if one]


def _written(number: int | None) -> str:
    return "" if number is None else str(number)
