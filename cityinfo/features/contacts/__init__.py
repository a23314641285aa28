"""Contacts: whom to turn to, kept once and shown in many places."""

from .actions import archive, change, change_part, create, delete_for_good, facts_of, keep_places, restore
from .cards import DETAILS, readable, write_out
from .companions import PrimaryContact
from .models import Contact
from .projection import CONTACTS
from .queries import KIND, Suggestion, all_ids, at, contacts, find, suggestions, uses
from .rules import (
    ContactFacts,
    headline,
    phone_link,
    phone_number,
)

__all__ = [
    "CONTACTS",
    "DETAILS",
    "KIND",
    "Contact",
    "ContactFacts",
    "PrimaryContact",
    "Suggestion",
    "all_ids",
    "archive",
    "at",
    "change",
    "change_part",
    "contacts",
    "create",
    "delete_for_good",
    "facts_of",
    "find",
    "headline",
    "keep_places",
    "phone_link",
    "phone_number",
    "readable",
    "restore",
    "suggestions",
    "uses",
    "write_out",
]
