"""Offers: what people can make use of, and offers of other systems that a city switches on."""

from .actions import (
    FOLLOW,
    OfferFacts,
    archive,
    change,
    change_part,
    create,
    delete_for_good,
    facts_of,
    follow_template,
    restore,
    save_template,
    set_external,
)
from .facts import ExternalOffersChanged
from .models import ExternalOffer, Offer
from .projection import OFFERS
from .queries import CONTACT, KIND, LOCATION, external, find, offers, switched_on, template_uses, templates
from .rules import AUDIENCES, DAYS, GET, NONE, POST, SORTS, External

__all__ = [
    "AUDIENCES",
    "CONTACT",
    "DAYS",
    "FOLLOW",
    "GET",
    "KIND",
    "LOCATION",
    "NONE",
    "OFFERS",
    "POST",
    "SORTS",
    "External",
    "ExternalOffer",
    "ExternalOffersChanged",
    "Offer",
    "OfferFacts",
    "archive",
    "change",
    "change_part",
    "create",
    "delete_for_good",
    "external",
    "facts_of",
    "find",
    "follow_template",
    "offers",
    "restore",
    "save_template",
    "set_external",
    "switched_on",
    "template_uses",
    "templates",
]
