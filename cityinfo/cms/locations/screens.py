"""The screens of locations: what is their own on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from flask import request

from cityinfo.cms import choices, entries, hours, sentences
from cityinfo.cms.entries import Feature, Note, Screens, Wording, picking, used_in
from cityinfo.cms.hours import Fields, Reading
from cityinfo.cms.layout import Form
from cityinfo.features import locations
from cityinfo.features.locations import LOCATIONS, Calendar, Category, Location, LocationFacts
from cityinfo.features.organizations import ORGANIZATIONS
from cityinfo.kernel import i18n
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _

from . import finding, words
from .forms import ASKED, NAMES, SEVERAL, shown, with_facts
from .maps import city_map

_KEPT_HOURS = "kept_hours"
_NOTHING = LocationFacts(categories=())


class LocationScreens(Screens):
    """Where a place is, what it is and when one may come."""

    content_type = LOCATIONS
    feature: ClassVar[Feature] = locations
    plural = "locations"
    symbol = "map-pin"
    names = NAMES
    several = SEVERAL
    filters = ("category",)
    list_template = "locations/list.html"
    fields: ClassVar[Mapping[str, str]] = {
        "location.address": "street",
        "location.postal_code": "postal_code",
        "location.country": "country",
        "location.number": "latitude",
        "location.coordinates": "latitude",
        "location.on_map": "on_map",
        "location.category": "category",
        "location.web_address": "appointment_url",
        **hours.FIELDS,
    }

    def wording(self) -> Wording:
        return Wording(
            heading=_("Places"),
            lead=_("Where people can go, and when."),
            new=_("New place"),
            all=_("All places"),
            archived=_("Archived places"),
            more=_("More places"),
            none_yet=_("There is no place yet."),
            none_fits=_("No place fits."),
            languages=_("Languages of this place"),
            title=_("Name"),
            body=_("Description"),
        )

    def notes(self, db: Work, entry_ids: Collection[int]) -> Mapping[int, Note]:
        found, calendar = locations.locations(db, entry_ids), locations.calendar(db)
        known, slugs = locations.all_categories(db), locations.of_locations(db, entry_ids)
        return {one.id: _note(one, known.get(slugs[one.id][0]), calendar) for one in found.values()}

    def among(self, db: Work, looked_for: Mapping[str, str]) -> Collection[int] | None:
        slug = looked_for["category"]
        return locations.in_category(db, slug) if slug else None

    def beside(self, db: Work) -> Mapping[str, Any]:
        return {"categories": category_names(db)}

    def beginning(self, db: Work) -> dict[str, str]:  # noqa: ARG002 - the same in every city
        return {"country": "DE", "on_map": "1"}

    def shown(self, db: Work, entry_id: int) -> dict[str, str]:
        facts = locations.facts_of(db, entry_id)
        return {**shown(facts), _KEPT_HOURS: facts.hours}

    def facts(self, db: Work, entry_id: int | None) -> LocationFacts:
        return locations.facts_of(db, entry_id) if entry_id else _NOTHING

    def with_typed(self, before: LocationFacts, values: Mapping[str, str]) -> LocationFacts:
        return with_facts(before, values, hours.kept(hours.typed(request.form), before.hours))

    def stepped(self, values: dict[str, str], step: str) -> dict[str, str]:
        return finding.with_point(values) if step == finding.FIND else values

    def around(self, db: Work, entry_id: int | None, form: Form) -> Mapping[str, Any]:
        opening = hours.on_screen(form.values.get(_KEPT_HOURS, ""))
        used, how_many = used_in(db, entry_id)
        also = form.values.get("also", "").split(",")
        return {
            "opening": opening,
            "map": city_map(),
            "can_find": finding.geocoder() is not None,
            "weekdays": hours.weekdays(),
            "reading": _reading(db, opening, form),
            "categories": category_names(db, given_to={form.values.get("category", ""), *also}),
            "also": also,
            "countries": words.countries(),
            "asked": {ASKED[fact]: question for fact, question in words.questions().items()},
            "answers": words.answers(),
            "whole_answers": words.whole_answers(),
            "organizations": choices.entries(db, ORGANIZATIONS),
            "picture": picking.picture(db, "picture", form),
            "used": used,
            "how_many": how_many,
        }


entries.add(LocationScreens())


def _note(location: Location, category: Category | None, calendar: Calendar) -> Note:
    now = hours.now_in_words(location.hours, calendar)[1] if location.hours else ""
    if location.temporarily_closed:
        now = _("Temporarily closed.")
    parts = (words.address_line(location), category.name(i18n.language()) if category else "", now)
    return Note(" · ".join(part for part in parts if part), location.temporarily_closed)


def _reading(db: Work, opening: Fields, form: Form) -> Reading:
    """What readers are told of the hours as they stand in the form."""
    try:
        rules = locations.hours.check(hours.kept(opening, opening.rule))
    except Invalid as problem:
        return Reading("bad", sentences.said(problem))
    return hours.reading(rules, locations.calendar(db), closed=bool(form.values.get("temporarily_closed")))


def category_names(db: Work, *, given_to: Collection[str] | None = None) -> dict[str, str]:
    """All categories as the interface calls them, by slug; for a form those that are still given, and its own."""
    found = locations.all_categories(db).items()
    shown = {slug: one for slug, one in found if given_to is None or not one.retired or slug in given_to}
    named = {slug: one.name(i18n.language()) for slug, one in shown.items()}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))
