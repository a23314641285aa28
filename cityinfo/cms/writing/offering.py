"""Offers of other systems that apps show on a page: chosen beside its text, from those the city has switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import blueprint, go, notice, screen
from cityinfo.features import content, offers, pages
from cityinfo.features.content import Entry
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

HERE = "/<tenant>/texts/<int:entry_id>/<language>"


@dataclass(frozen=True, slots=True)
class Offer:
    """One that can be chosen. It is `off` when the page has it and the city no longer does."""

    alias: str
    name: str
    is_chosen: bool
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Offering:
    """What can be chosen for a page that stands at this revision."""

    revision: int
    offers: Sequence[Offer]

    @property
    def is_used(self) -> bool:
        return any(offer.is_chosen for offer in self.offers)


def offering(db: Work, entry: Entry, language: str, *, actor: Actor) -> Offering | None:
    """What the page shows, in its order, then what else the city has; None for those who may not choose."""
    if entry.kind != pages.KIND or not actor.may("edit", entry.kind, entry_id=entry.id, language=language):
        return None
    known = {alias: str(one["name"]) for alias, one in offers.switched_on(db).items()}
    chosen = pages.embedded_aliases(db, entry.id)
    shown = [Offer(one, known.get(one, one), is_chosen=True, is_off=one not in known) for one in chosen]
    others = [Offer(alias, name, is_chosen=False) for alias, name in known.items() if alias not in chosen]
    return Offering(entry.revision, [*shown, *others])


@blueprint.post(f"{HERE}/offers")
@guarded("page:edit")
def choose_offers(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Let apps show exactly these on the page, whatever language it is read in."""
    try:
        with screen(write=True) as (db, actor):
            entry = content.find_entry(db, entry_id, pages.KIND)
            content.check_entry_revision(entry, request.form.get("revision", 0, type=int))
            wanted = request.form.getlist("offer")
            if wanted != pages.embedded_aliases(db, entry_id):
                pages.set_embedded_offers(db, entry_id, wanted, revision=entry.revision, actor=actor)
    except (Conflict, Invalid) as problem:
        notice(sentences.said(problem), kind="danger")
    else:
        notice(_("The offers are saved."), _("Readers see them at once where the page is public."))
    return go("edit_text", tenant=tenant, entry_id=entry_id, language=language)
