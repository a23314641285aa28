"""The screens of contacts: what is their own on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from flask import request

from cityinfo.cms import choices, entries, hours, sentences
from cityinfo.cms.entries import Feature, Note, Screens, Wording, picking, used_in
from cityinfo.cms.hours import Fields, Reading
from cityinfo.cms.layout import Form
from cityinfo.features import contacts, content, locations, tenants
from cityinfo.features.contacts import CONTACTS, Contact, ContactFacts
from cityinfo.features.locations import LOCATIONS
from cityinfo.features.organizations import ORGANIZATIONS
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _

_KEPT_HOURS = "kept_hours"
_LINES = ("name", "phone", "mobile", "email", "website", "appointment_url")


class ContactScreens(Screens):
    """Whom to turn to, how to reach them, and where that is said."""

    content_type = CONTACTS
    feature: ClassVar[Feature] = contacts
    plural = "contacts"
    symbol = "address-book"
    names = (*_LINES, "primary", "location", "organization")
    fields: ClassVar[Mapping[str, str]] = {
        "contact.name": "name",
        "contact.empty": "phone",
        "contact.phone": "phone",
        "contact.email": "email",
        "contact.web_address": "website",
        "contact.primary": "primary",
        "contact.primary_taken": "primary",
        "contact.location_archived": "location",
        **hours.FIELDS,
    }

    def wording(self) -> Wording:
        return Wording(
            heading=_("Contacts"),
            lead=_("Whom people can turn to. Written once, shown in many texts."),
            new=_("New contact"),
            all=_("All contacts"),
            archived=_("Archived contacts"),
            more=_("More contacts"),
            none_yet=_("There is no contact yet."),
            none_fits=_("No contact fits."),
            languages=_("Languages of this contact"),
            title=_("Area of responsibility"),
            title_hint=_("What they help with, such as “Advice on housing”. This is translated."),
        )

    def notes(self, db: Work, entry_ids: Collection[int]) -> Mapping[int, Note]:
        places = _places(db, entry_ids)
        return {one.id: Note(_line(one, places.get(one.id, ""))) for one in contacts.contacts(db, entry_ids).values()}

    def beginning(self, db: Work) -> dict[str, str]:  # noqa: ARG002 - the same in every city
        """At the place from whose form one comes."""
        return {"location": request.args.get("location", "")}

    def shown(self, db: Work, entry_id: int) -> dict[str, str]:
        facts = contacts.facts_of(db, entry_id)
        return {
            **{name: getattr(facts, name) for name in _LINES},
            "primary": "1" if facts.primary else "",
            "location": str(facts.location or ""),
            "organization": str(facts.organization or ""),
            _KEPT_HOURS: facts.hours,
        }

    def facts(self, db: Work, entry_id: int | None) -> ContactFacts:
        return contacts.facts_of(db, entry_id) if entry_id else ContactFacts()

    def with_typed(self, before: ContactFacts, values: Mapping[str, str]) -> ContactFacts:
        return _with_facts(before, values)

    def keep_words(self, db: Work, entry_id: int, values: Mapping[str, str], *, actor: Actor) -> None:
        """Its title alone: what the desk or the API has written below it stays."""
        kept = self.words_of(db, entry_id)["content"]
        super().keep_words(db, entry_id, {**values, "content": kept}, actor=actor)

    def around(self, db: Work, entry_id: int | None, form: Form) -> Mapping[str, Any]:
        opening = hours.on_screen(form.values.get(_KEPT_HOURS, ""))
        used, how_many = used_in(db, entry_id)
        return {
            "opening": opening,
            "weekdays": hours.weekdays(),
            "reading": _reading(db, opening, form),
            "locations": choices.entries(db, LOCATIONS),
            "organizations": choices.entries(db, ORGANIZATIONS),
            "used": used,
            "how_many": how_many,
        }


entries.add(ContactScreens())


def _with_facts(before: ContactFacts, values: Mapping[str, str]) -> ContactFacts:
    return replace(
        before,
        **{name: values[name].strip() for name in _LINES},
        hours=hours.kept(hours.typed(request.form), before.hours),
        primary=bool(values["primary"]),
        location=picking.one(values["location"]),
        organization=picking.one(values["organization"]),
    )


def _reading(db: Work, opening: Fields, form: Form) -> Reading:
    """What readers are told of the hours as they stand in the form; without own ones those of the place."""
    location = picking.one(form.values.get("location", ""))
    try:
        rules = locations.hours.check(hours.kept(opening, opening.rule))
    except Invalid as problem:
        return Reading("bad", sentences.said(problem))
    place = locations.locations(db, [location]).get(location) if location else None
    return hours.reading(rules or (place.hours if place else ""), locations.calendar(db))


def _places(db: Work, contact_ids: Collection[int]) -> dict[int, str]:
    """What the locations are called at which contacts are, by contact."""
    at = {one: targets[0] for one, targets in content.related(db, contact_ids, locations.PLACE).items() if targets}
    titles, root = content.titles_of(db, set(at.values())), tenants.root_language(db)
    return {one: content.name(titles.get(target, {}), root)[0] for one, target in at.items()}


def _line(contact: Contact, place: str) -> str:
    reach = contact.phone or contact.mobile or contact.email or contact.website
    primary = _("primary contact") if contact.is_primary else ""
    return " · ".join(part for part in (contact.name, reach, place, primary) if part)
