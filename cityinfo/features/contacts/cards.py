"""Contact cards in texts: markup in the reader's language, made anew whenever the contact changes.

They carry no labels. A language that words.toml does not know reads opening hours in English words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from cityinfo.features import content, locations, tenants
from cityinfo.kernel import html
from cityinfo.kernel.db import Work

from . import queries, rules
from .models import Contact
from .queries import KIND

DETAILS = ("name", "phone", "mobile", "email", "website", "address", "hours")  # what a card can show, in this order
_DAYS = "Mo Tu We Th Fr Sa Su".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_TOKEN = re.compile(r'"[^"]*"|[A-Za-z]+|\d{1,2}:\d{2}(?:[-,]\d{1,2}:\d{2})*|.', re.DOTALL)
_RULES = re.compile(r'(?:"[^"]*"|[^";])+')


def write_out(db: Work, language: str, contents: Sequence[str]) -> list[str]:
    """Put cards in place of the contacts that contents name; one that is not public leaves nothing."""
    named = {contact_id for text in contents for role, contact_id in html.shown(text) if role == KIND}
    if not named:
        return list(contents)
    cards = _Cards(db, named, language)
    return [html.write_cards(text, cards.card) for text in contents]


def readable(hours: str, language: str) -> list[str]:
    """Opening hours as markup, a line for every rule."""
    words = _words(language)
    return ["".join(_token(token, words) for token in _TOKEN.findall(rule.strip())) for rule in _RULES.findall(hours)]


class _Cards:
    """Writes the cards of some contacts in one language. A card in another language is better than none."""

    def __init__(self, db: Work, contact_ids: Collection[int], language: str) -> None:
        active = {*tenants.active_languages(db), language}
        self._language = language
        self._texts = content.Words(db, contact_ids, active, [language], falls_back=lambda _: True)
        self._contacts = queries.contacts(db, self._texts.entries)
        self._places = queries.places(db, self._contacts, active, [language])

    def card(self, contact_id: int, show: Collection[str]) -> str:
        key = (contact_id, self._language)
        if key not in self._texts.written:
            return ""
        contact, place = self._contacts[contact_id], self._places.get(key)
        wanted = [one for one in DETAILS if not show or one in show]
        details = {**_links(contact), **_of_place(contact, place, self._language)}
        lines = "".join(f"<li>{line}</li>" for one in wanted for line in details.get(one, ()))
        head = rules.headline(contact.name if "name" in wanted else "", self._texts.version(key).title)
        return f'<div class="contact-card"><h4>{escape(head)}</h4><ul class="details">{lines}</ul></div>'


def _links(contact: Contact) -> dict[str, list[str]]:
    targets = {
        "phone": (contact.phone, rules.phone_link(contact.phone)),
        "mobile": (contact.mobile, rules.phone_link(contact.mobile)),
        "email": (contact.email, f"mailto:{contact.email}"),
        "website": (contact.website, contact.website),
    }
    return {
        name: [f'<a href="{escape(link)}"><bdi dir="ltr">{escape(text)}</bdi></a>']
        for name, (text, link) in targets.items()
        if text
    }


def _of_place(contact: Contact, place: Mapping[str, Any] | None, language: str) -> dict[str, list[str]]:
    address = place["address"] if place else {}
    town = f"{address.get('postal_code', '')} {address.get('town', '')}".strip()
    lines = [line for line in (address.get("street"), address.get("addition"), town) if line]
    hours = contact.hours or (place["opening_hours"] if place else None) or ""
    return {
        "address": [f"<bdi>{escape(', '.join(lines))}</bdi>"] if lines else [],
        "hours": readable(hours, language),
    }


def _token(token: str, words: Mapping[str, Any]) -> str:
    """A piece of a rule in words; times stay in their order in every script."""
    if token.startswith('"'):
        return str(words["appointment"]) if locations.hours.means_appointment(token) else escape(token.strip('"'))
    if token[0].isdigit() and ":" in token:
        return f'<bdi dir="ltr">{token.replace("-", "–").replace(",", ", ")}</bdi>'
    known: dict[str, str] = words["tokens"]
    return known.get(token, escape(token))


@cache
def _words(language: str) -> dict[str, Any]:
    known = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    words = known.get(language) or known.get(language.partition("-")[0]) or known["en"]
    tokens = dict(zip([*_DAYS, *_MONTHS], [*words["days"], *words["months"]], strict=True))
    closed = dict.fromkeys(("off", "closed"), words["closed"])
    others = {"PH": words["holidays"], "unknown": "", "open": "", "-": "–", ",": ", "}
    return {**words, "tokens": {**tokens, **closed, **others}}
