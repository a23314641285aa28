"""A text as readers will see it, before they do: for its editors, and by a signed link for people without an account.

The link names one version and ends by itself; whoever has it sees that version and nothing else.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.kinds import of_any, readable_kind
from cityinfo.cms.layout import address, blueprint, render, screen
from cityinfo.features import content
from cityinfo.features.tenants import Tenant
from cityinfo.kernel.db import Database
from cityinfo.kernel.errors import Gone, NotFound
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded, public

from .shown import shown
from .views import HERE

DAYS = 7
_PURPOSE = "preview"  # signs with a key that is made from the application's for this alone


@blueprint.get(f"{HERE}/preview")
@guarded(*of_any("read"))
def preview_text(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """The newest version in a phone, and the link to pass on."""
    with screen() as (db, actor):
        kind = readable_kind(db, entry_id, language, actor)
        text = content.find_text(db, entry_id, language)
        version = content.version(db, text.current_version_id)
        if version is None:
            raise NotFound("text.empty", _("There is nothing to look at yet: save a text first."))
        link = _token(db.tenant_id, entry_id, language, version.id)
        written = shown(db, kind.name, entry_id, version, language)
        back: dict[str, Any] = {"entry_id": entry_id, "language": language}
        return render("writing/preview.html", shown=written, link=link, days=DAYS, **back)


@blueprint.get("/preview/<token>")
@public
def show_preview(token: str) -> AnyResponse:
    """The version that a link names, for whoever has the link. Kept by no cache, found by no search engine."""
    tenant_id, entry_id, language, version_id = _named(token)
    database: Database = current_app.extensions["database"]
    with database.unit_of_work(tenant_id) as db:
        g.city = db.get(Tenant, tenant_id)
        text, version = content.find_text(db, entry_id, language), content.version(db, version_id)
        if version is None or version.text_id != text.id:
            raise NotFound("preview.unknown", _("This version is no longer there."))
        written = shown(db, content.find_entry(db, entry_id).kind, entry_id, version, language)
        response = render("writing/preview_only.html", shown=written)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def link_to(tenant_id: int, entry_id: int, language: str, version_id: int) -> str:
    """The whole address under which someone without an account sees a version."""
    token = _token(tenant_id, entry_id, language, version_id)
    return address("show_preview", token=token, _external=True)


def _token(*named: int | str) -> str:
    return str(_signer().dumps(named))


def _named(token: str) -> tuple[int, int, str, int]:
    try:
        tenant_id, entry_id, language, version_id = _signer().loads(token, max_age=DAYS * 24 * 3600)
    except SignatureExpired:
        raise Gone("preview.expired", _("This link has ended. Ask for a new one.")) from None
    except BadSignature:
        raise NotFound("preview.unknown", _("There is nothing under this address.")) from None
    return tenant_id, entry_id, language, version_id


def _signer() -> URLSafeTimedSerializer:
    assert current_app.secret_key
    return URLSafeTimedSerializer(current_app.secret_key, salt=_PURPOSE)
