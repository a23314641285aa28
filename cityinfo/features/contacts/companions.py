"""Contacts that come along with imported locations: how to reach the place, as its primary contact."""

from __future__ import annotations

from collections.abc import Mapping

from cityinfo.features import content, locations
from cityinfo.features.content import TextDraft
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import actions, rules
from .rules import ContactFacts


class PrimaryContact:
    """Fulfils `features.locations.ports.Companion`. Cells `phone`, `email` and `website` make a contact."""

    def check(self, cells: Mapping[str, str]) -> None:
        """Raise `Invalid` for what nobody could dial, write to or open."""
        if facts := _facts(cells, None):
            rules.check(facts)
            rules.phone_number(facts.phone)

    def create(self, db: Work, location_id: int, row: locations.Checked, *, draft: bool, actor: Actor) -> int | None:
        """The contact; None when the row says nothing of one. It is called as the place is, in every language."""
        facts = _facts(row.reachable, location_id)
        if facts is None:
            return None
        contact = actions.create(db, facts, actor=actor)
        for language, words in row.words.items():
            title = TextDraft(title=words.title, content="", origin=content.IMPORTED)
            content.save_text(db, contact.id, language, title, actor=actor)
            if not draft:
                revision = content.find_text(db, contact.id, language).revision
                content.publish_text(db, contact.id, language, revision=revision, actor=actor)
        return contact.id

    def remove(self, db: Work, contact_id: int, *, actor: Actor) -> None:
        """Delete it for good."""
        actions.archive(db, contact_id, revision=content.find_entry(db, contact_id).revision, actor=actor)
        actions.delete_for_good(db, contact_id, revision=content.find_entry(db, contact_id).revision, actor=actor)


def _facts(cells: Mapping[str, str], location: int | None) -> ContactFacts | None:
    phone, email, website = (cells.get(name, "") for name in ("phone", "email", "website"))
    if not (phone or email or website):
        return None
    primary = location is not None
    return ContactFacts(phone=phone, email=email, website=website, location=location, primary=primary)
