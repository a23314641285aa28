"""The kinds of content whose texts are written on one desk, and what is a kind's own there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from cityinfo.cms.layout import address
from cityinfo.cms.words import kind_names, kinds_named
from cityinfo.features import content, organizations, pages
from cityinfo.features.contacts import CONTACTS
from cityinfo.features.content import ContentType, TextDraft, Version
from cityinfo.features.events import EVENTS
from cityinfo.features.imprint import IMPRINT
from cityinfo.features.locations import LOCATIONS
from cityinfo.features.news import NEWS
from cityinfo.features.offers import OFFERS
from cityinfo.features.organizations import ORGANIZATIONS
from cityinfo.features.pages import PAGES
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.request import rights_of


class SaveText(Protocol):
    """Keeps a new version of an entry's text."""

    def __call__(self, db: Work, entry_id: int, language: str, draft: TextDraft, /, *, actor: Actor) -> Version: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`back` is the screen from which its texts are opened: the form of the entry (`edit_…`), or a list.

    `is_published_here` says that someone who may publish does so text by text, on the desk.
    """

    content_type: ContentType
    back: str
    save_text: SaveText = content.save_text
    is_published_here: bool = True

    @property
    def name(self) -> str:
        return self.content_type.kind

    def address(self, tenant: str, entry_id: int | None) -> str:
        """Where `back` is, for this entry."""
        of_entry = {"entry_id": entry_id} if self.back.startswith("edit_") else {}
        return address(self.back, tenant=tenant, **of_entry)

    @property
    def back_name(self) -> str:
        """What `back` is called."""
        lists = {"list_pages": kinds_named()[self.name], "show_dashboard": _("Today")}
        return lists.get(self.back, kind_names()[self.name])


KINDS = {
    one.name: one
    for one in (
        Kind(content_type=PAGES, back="list_pages", save_text=pages.save_text),
        Kind(content_type=EVENTS, back="edit_event"),
        Kind(content_type=OFFERS, back="edit_offer"),
        Kind(content_type=ORGANIZATIONS, back="edit_organization"),
        Kind(content_type=NEWS, back="edit_news", is_published_here=False),
        Kind(content_type=LOCATIONS, back="edit_location"),
        Kind(content_type=CONTACTS, back="edit_contact"),
        Kind(content_type=IMPRINT, back="show_dashboard"),
    )
}


def of_any(*verbs: str) -> tuple[str, ...]:
    """The door of a screen for texts of every kind; which kind it is, is asked behind it."""
    return tuple(f"{kind}:{verb}" for kind in KINDS for verb in verbs)


def kind_of(db: Work, entry_id: int) -> Kind:
    """What kind an entry is of; `NotFound` when there is none, or its kind has no texts to write here."""
    entry = content.find_entry(db, entry_id)
    if entry.kind not in KINDS:
        raise NotFound("entry.unknown", _("There is nothing under this address."))
    return KINDS[entry.kind]


def readable_kind(db: Work, entry_id: int, language: str, actor: Actor, *, verb: str = "read") -> Kind:
    """The kind of an entry whose texts this person may see: reading is told to nobody, so its right is asked here."""
    kind = kind_of(db, entry_id)
    rights_of(actor).check(verb, kind.name, entry_id=entry_id, language=language)
    return kind


def readable_entries(db: Work, kind: str, actor: Actor) -> Collection[int] | None:
    """The entries of a kind that this person may see: those of their organization for its members; None for all."""
    confined = rights_of(actor).confined_to(f"{kind}:read")
    return None if confined is None else organizations.with_belongings(db, confined)


def kinds_read(actor: Actor, kinds: Collection[str] = tuple(KINDS)) -> frozenset[str]:
    """The kinds of which this person may see every entry."""
    return frozenset(kind for kind in kinds if rights_of(actor).confined_to(f"{kind}:read") is None)
