"""The screens of offers: what is their own on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from cityinfo.cms import choices, entries
from cityinfo.cms.entries import Feature, Note, Screens, Wording, picking
from cityinfo.cms.entries.words import as_html
from cityinfo.cms.layout import Form
from cityinfo.cms.words import weekday
from cityinfo.cms.writing.desk import city_languages
from cityinfo.features import offers, tenants
from cityinfo.features.contacts import CONTACTS
from cityinfo.features.locations import LOCATIONS
from cityinfo.features.offers import DAYS, OFFERS, Offer, OfferFacts
from cityinfo.features.organizations import ORGANIZATIONS
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _

from . import needs, sections, words
from .forms import FIELDS, SEVERAL, schedule_typed, shown, slots, with_facts


class OfferScreens(Screens):
    """A form that asks for what the kind of offer needs; what else is known of it is kept."""

    content_type = OFFERS
    feature: ClassVar[Feature] = offers
    plural = "offers"
    symbol = "heart-handshake"
    list_template = "offers/list.html"
    names = FIELDS
    several = SEVERAL
    fields: ClassVar[Mapping[str, str]] = {
        "offer.age": "age_from",
        "offer.cost": "cost_from",
        "offer.link": "link",
        "offer.schedule": "slots",
        "offer.deadline": "deadline_on",
        "offer.deadline_on": "deadline_on",
        "offer.valid_on": "valid_on",
    }

    def wording(self) -> Wording:
        return Wording(
            heading=_("Offers"),
            lead=_("What people can make use of: advice, courses, benefits and more."),
            new=_("New offer"),
            all=_("All offers"),
            archived=_("Archived offers"),
            more=_("More offers"),
            none_yet=_("There is no offer yet."),
            none_fits=_("No offer fits."),
            languages=_("Languages of this offer"),
            title=_("Title"),
            body=_("Description"),
        )

    def notes(self, db: Work, entry_ids: Collection[int]) -> Mapping[int, Note]:
        return {offer.id: _note(offer) for offer in offers.offers(db, entry_ids).values()}

    def beginning(self, db: Work) -> dict[str, str]:  # noqa: ARG002 - the same in every city
        return {"sort": needs.SERVICE}

    def typed(self) -> dict[str, str]:
        return {**super().typed(), "schedule": schedule_typed()}

    def shown(self, db: Work, entry_id: int) -> dict[str, str]:
        return shown(offers.facts_of(db, offers.find(db, entry_id)))

    def words_of(self, db: Work, entry_id: int) -> dict[str, str]:
        whole = super().words_of(db, entry_id)
        return {**whole, **sections.apart(as_html(whole["content"]))}

    def keep_words(self, db: Work, entry_id: int, values: Mapping[str, str], *, actor: Actor) -> None:
        super().keep_words(db, entry_id, {**values, "content": sections.together(values)}, actor=actor)

    def facts(self, db: Work, entry_id: int | None) -> OfferFacts:
        return offers.facts_of(db, offers.find(db, entry_id)) if entry_id else OfferFacts()

    def with_typed(self, before: OfferFacts, values: Mapping[str, str]) -> OfferFacts:
        return with_facts(before, values)

    def around(self, db: Work, entry_id: int | None, form: Form) -> Mapping[str, Any]:  # noqa: ARG002 - see there
        asked = needs.asked(form.values.get("sort", ""), everything=bool(form.values.get("everything")))
        if needs.named(form.errors) - set(asked):
            asked = list(needs.PARTS)
        spoken = list(form.values.get("spoken", "").split(","))
        named = words.parts()
        return {
            "sorts": words.sorts(),
            "asked": asked,
            "hidden": {name for part, names in needs.PARTS.items() if part not in asked for name in names},
            "kept": [named[part] for part in needs.kept(asked, form.values)],
            "audiences": words.audiences(),
            "spoken": spoken,
            "near": list({**city_languages(db), **{slug: None for slug in spoken if slug}}),
            "registry": tenants.languages(db),
            "days": {day: weekday(place) for place, day in enumerate(DAYS)},
            "slots": list(slots(form.values)),
            "organizations": choices.entries(db, ORGANIZATIONS),
            "locations": picking.entries(db, LOCATIONS, "locations", form),
            "contacts": picking.entries(db, CONTACTS, "contacts", form),
            "picture": picking.picture(db, "picture", form),
        }


entries.add(OfferScreens())


def _note(offer: Offer) -> Note:
    end = offer.valid_until or offer.deadline
    over = end is not None and end <= clock.now()
    return Note(words.line(offer, over=over), over)
