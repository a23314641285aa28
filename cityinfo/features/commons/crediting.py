"""Naming whom a page came from, wherever readers see its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from sqlalchemy import select

from cityinfo.features.content import Document
from cityinfo.features.pages import Page
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _, speaking
from cityinfo.kernel.listing import portions

from .actions import KIND
from .models import Credit
from .rules import LICENCES


def add_credits(db: Work, documents: Sequence[Document]) -> None:
    """Name below the words of pages whose they are: of what came from another city, and of what shows such a page."""
    written = [one for one in documents if one.body["kind"] == KIND]
    named = _credits(db, {one.entry_id for one in written})
    for one in written:
        if (credit := named.get(one.entry_id)) is not None:
            licence = LICENCES[credit.licence]
            said = {"attribution": credit.attribution, "licence": licence.key, "licence_url": licence.url}
            one.body["credit"] = said
            one.body["content"] += _paragraph(credit, one.language)


def _credits(db: Work, page_ids: set[int]) -> Mapping[int, Credit]:
    found: dict[int, Credit] = {}
    for ids in portions(page_ids):
        found.update({row.entry_id: row for row in db.scalars(select(Credit).where(Credit.entry_id.in_(ids)))})
        mirroring = select(Page.id, Credit).join(Credit, Credit.entry_id == Page.mirrors_id).where(Page.id.in_(ids))
        found.update(db.execute(mirroring).all())
    return found


def _paragraph(credit: Credit, language: str) -> str:
    """One sentence, in the language of the words if it is one that we speak."""
    licence = LICENCES[credit.licence]
    link = f'<a href="{licence.url}">{licence.name}</a>'
    with speaking(language):
        said = _("Based on a text by {whom}, {licence}.", whom=escape(credit.attribution, quote=False), licence=link)
    return f"<p>{said}</p>"
