"""Offers: what people can make use of, and offers of other systems that a city switches on."""

from .actions import (
    OfferFacts,
    archive,
    change,
    change_part,
    create,
    delete_for_good,
    facts_of,
    restore,
    set_external,
)
from .facts import ExternalOffersChanged
from .models import ExternalOffer, Offer
from .projection import OFFERS
from .queries import CONTACT, KIND, LOCATION, external, find, offers, switched_on, templates
from .rules import AUDIENCES, DAYS, SORTS, External

__all__ = [
    "AUDIENCES",
    "CONTACT",
    "DAYS",
    "KIND",
    "LOCATION",
    "OFFERS",
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
    "offers",
    "restore",
    "set_external",
    "switched_on",
    "templates",
]
