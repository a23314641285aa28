"""The audit log: who did what to which thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.http import MOST_IDENTITY
from cityinfo.api.v1.operations import Body, Paged, limit
from cityinfo.features import audit

from .drafts import list_schema
from .editing import Editing, Outcome, editing, section
from .entries import HERE
from .values import Line

blueprint = section("Editing: audit log", "Who did what to which thing; nobody can change it.")
FACTS = ("id", "seq", "at", "actor", "action", "kind", "entry_id", "language", "before", "after")


class ActionSchema(Body):
    """One action."""

    id = fields.Integer(required=True)
    seq = fields.Integer(required=True, metadata={"description": "Number of the unit of work it belongs to."})
    at = fields.DateTime(required=True)
    actor = fields.String(required=True, metadata={"example": "person:52776558133248"})
    action = fields.String(required=True, metadata={"example": "TextPublished"})
    kind = fields.String(required=True, metadata={"example": "page"})
    entry_id = fields.Integer(required=True)
    language = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)


class ActionFilter(Paged):
    """Which actions."""

    kind = Line(50, load_default="", metadata={"example": "page"})
    entry_id = fields.Integer(load_default=None, validate=validate.Range(1, MOST_IDENTITY))
    actor = Line(100, load_default="")
    cursor = fields.String(
        validate=validate.Regexp("^[0-9]{1,16}-[0-9]{1,16}$"),
        metadata={"description": "Go on after this place: `cursor` of the answer before."},
    )
    limit = limit(200, default=50)


@editing(
    blueprint, f"{HERE}/audit", needs=["audit:read"], answer=list_schema(ActionSchema, "ActionList"), query=ActionFilter
)
def list_actions(editor: Editing, query: Mapping[str, Any]) -> Outcome:
    """List what was done, newest first."""
    wanted = audit.Wanted(**{name: query[name] for name in ("kind", "entry_id", "actor")})
    page = audit.page(editor.db, wanted, limit=query["limit"], older=query.get("cursor", ""))
    items = [{name: getattr(row, name) for name in FACTS} for row in page.rows]
    return Outcome({"items": items, "cursor": page.older or None, "more": bool(page.older)})
