"""What a text can lead to or show: found by its title, for the dialogs of the editor."""

from __future__ import annotations

from datetime import timedelta

from flask import jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.kinds import kinds_read, of_any, readable_kind
from cityinfo.cms.layout import blueprint, screen
from cityinfo.features import accounts, contacts, content, media
from cityinfo.features.contacts import CONTACTS
from cityinfo.features.content import MOST_TITLE
from cityinfo.features.events import EVENTS
from cityinfo.features.imprint import IMPRINT
from cityinfo.features.locations import LOCATIONS
from cityinfo.features.news import NEWS
from cityinfo.features.offers import OFFERS
from cityinfo.features.pages import PAGES
from cityinfo.kernel import clock, html
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

HERE_FOR = timedelta(seconds=60)  # someone who typed this short a while ago is still here
_LINKED = (PAGES, EVENTS, LOCATIONS, OFFERS, NEWS, IMPRINT)
_KINDS = {"link": [one.kind for one in _LINKED], "contact": [CONTACTS.kind]}


@blueprint.get("/<tenant>/targets/<role>")
@guarded(*of_any("write", "translate"))
def find_targets(tenant: str, role: str) -> AnyResponse:
    """Entries with this in their title (`q`), best in this `language`."""
    wanted, language = request.args.get("q", "").strip()[:MOST_TITLE], request.args.get("language", "")
    with screen() as (db, actor):
        kinds = kinds_read(actor, _KINDS.get(role, ()))
        found = content.titles_saying(db, kinds, wanted, language=language) if wanted and kinds else []
        names = _names()
        return jsonify(
            [{"id": one.id, "title": one.title, "language": one.language, "kind": names[one.kind]} for one in found]
        )


@blueprint.get("/<tenant>/cards/<int:contact_id>")
@guarded(*of_any("write", "translate"))
def show_card(tenant: str, contact_id: int) -> AnyResponse:
    """A contact as readers of a language see it in a text; empty while it is not public."""
    shown = " ".join(one for one in request.args.get("show", "").split() if one in contacts.DETAILS)
    card = f'<contact-card entry="{contact_id}" show="{shown}"></contact-card>'
    with screen() as (db, _actor):
        (written,) = contacts.write_out(db, request.args.get("language", ""), [card])
        titles = content.titles(db, contact_id)
    return jsonify(html=html.sanitise(written), title=content.name(titles, request.args.get("language", ""))[0])


@blueprint.get("/<tenant>/files/<int:media_id>")
@guarded(*of_any("write", "translate"))
def show_file(tenant: str, media_id: int) -> AnyResponse:
    """Where the bytes of a file are that a text names by its identity."""
    with screen() as (db, _actor):
        return redirect(media.address(media.find(db, media_id).key))


@blueprint.get("/<tenant>/texts/<int:entry_id>/<language>/others")
@guarded(*of_any("read"))
def show_others(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Who else is writing this text right now. Asked again and again, so it is two small statements."""
    with screen() as (db, actor):
        readable_kind(db, entry_id, language, actor)
        since = clock.now() - HERE_FOR
        authors = [one for one in content.writing_now(db, entry_id, language, since=since) if one != str(actor)]
        names = accounts.names(db) if authors else {}
    said = [_("{name} is writing here too. Both texts are kept.", name=names.get(one, one)) for one in authors]
    return jsonify(said=said)


def _names() -> dict[str, str]:
    return {
        PAGES.kind: _("Page"),
        EVENTS.kind: _("Event"),
        LOCATIONS.kind: _("Location"),
        OFFERS.kind: _("Offer"),
        NEWS.kind: _("News"),
        IMPRINT.kind: _("Imprint"),
        CONTACTS.kind: _("Contact"),
    }
