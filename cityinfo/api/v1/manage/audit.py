"""The audit log: who did what to which thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.http import MOST_IDENTITY
from cityinfo.api.v1.operations import Body
from cityinfo.features import audit

from .drafts import list_schema
from .editing import Editing, Outcome, editing, section
from .entries import HERE
from .lists import NewestFirst, portion
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


class ActionFilter(NewestFirst):
    """Which actions."""

    kind = Line(50, load_default="", metadata={"example": "page"})
    entry_id = fields.Integer(load_default=None, validate=validate.Range(1, MOST_IDENTITY))
    actor = Line(100, load_default="")


@editing(
    blueprint, f"{HERE}/audit", needs=["audit:read"], answer=list_schema(ActionSchema, "ActionList"), query=ActionFilter
)
def list_actions(editor: Editing, query: Mapping[str, Any]) -> Outcome:
    """List what was done, newest first."""
    wanted = {name: query[name] for name in ("kind", "entry_id", "actor")}
    return portion(
        lambda before, most: audit.listing(editor.db, audit.Search(before=before, most=most, **wanted)), _written, query
    )


def _written(row: audit.AuditRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}
