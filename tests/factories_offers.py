"""Offers, the imprint and feedback, as editors and readers would make them."""

from __future__ import annotations

from datetime import timedelta

from cityinfo.features import feedback, imprint, offers, pages
from cityinfo.features.feedback import Message
from cityinfo.features.offers import OfferFacts
from tests.factories import EDITOR, City
from tests.factories_entries import revision_of, write_in


def offer(city: City, title: str, *, language: str = "de", text: str = "<p>Guten Tag.</p>", **facts: object) -> int:
    """A new offer with its public text."""
    with city.write() as db:
        made = offers.create(db, OfferFacts(**facts), actor=EDITOR)
        write_in(db, made.id, title, language=language, text=text)
        return made.id


def change_offer(city: City, offer_id: int, **facts: object) -> None:
    with city.write() as db:
        offers.change(db, offer_id, OfferFacts(**facts), revision=revision_of(db, offer_id), actor=EDITOR)


def switch_on(city: City, *aliases: str, **addresses: str) -> None:
    """Exactly these offers of other systems."""
    with city.write() as db:
        offers.set_external(db, {**dict.fromkeys(aliases, ""), **addresses}, actor=EDITOR)


def embed(city: City, page_id: int, *aliases: str) -> None:
    with city.write() as db:
        pages.set_embedded_offers(db, page_id, aliases, revision=revision_of(db, page_id), actor=EDITOR)


def publish_imprint(city: City, title: str = "Impressum", *, language: str = "de", text: str = "<p>Wir.</p>") -> int:
    with city.write() as db:
        made = imprint.open_imprint(db, actor=EDITOR)
        write_in(db, made.id, title, language=language, text=text)
        return made.id


def send(city: City, *, address: str = "192.0.2.1", keep: timedelta = timedelta(days=30), **said: object) -> str:
    """A reader's feedback; returns the ticket."""
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        message = Message(**{"topic": "tenant", "comment": "Danke!", **said})
        return feedback.send(db, message, language="de", address=address, keep=keep)
