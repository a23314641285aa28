"""Many entries at once: each in a unit of work of its own, each with an answer of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.http import failure_of
from cityinfo.api.v1.operations import Body
from cityinfo.features import content, idempotency
from cityinfo.kernel.errors import Invalid, Outdated, Problem
from cityinfo.web.request import request_work

from . import pages
from .editing import Editing, Outcome, editing, idempotency_key
from .entries import HERE, all_needing, opened, shared
from .kinds import kind_at
from .tags import parsed, tag_of
from .values import Choice, Identity, Line, Sent

MOST_ITEMS = 200


class BulkItemSchema(Sent):
    """One entry and what you have seen of it."""

    kind = fields.String(required=True, validate=validate.Length(min=1, max=30), metadata={"example": "pages"})
    id = Identity(required=True)
    etag = Line(
        2_000, required=True, metadata={"description": "`etag` of the entry, as a list says it.", "example": "4;de=3"}
    )


class BulkSchema(Sent):
    """What to do with which entries."""

    action = Choice("publish", "submit", "take_offline", "archive", "restore", "delete", "move", required=True)
    items = fields.List(fields.Nested(BulkItemSchema), required=True, validate=validate.Length(min=1, max=MOST_ITEMS))
    languages = fields.List(
        fields.String(validate=validate.Length(min=1, max=20)),
        load_default=tuple,
        metadata={"description": "For `publish`, `submit` and `take_offline`.", "example": ["de"]},
    )
    message = Line(2_000, load_default="", metadata={"description": "For `submit`."})
    assignee = Line(200, load_default="", metadata={"description": "For `submit`."})
    under = Identity(load_default=None, allow_none=True, metadata={"description": "For `move`: the page above."})


class BulkResultSchema(Body):
    """What became of one entry."""

    kind = fields.String(required=True)
    id = fields.Integer(required=True)
    status = fields.Integer(required=True, metadata={"description": "As the single operation would answer."})
    etag = fields.String(required=True, allow_none=True, metadata={"description": "The new one; null after a problem."})
    problem = fields.Dict(required=True, allow_none=True, metadata={"description": "`code` and `detail`."})


class BulkResultsSchema(Body):
    """What became of each entry, in the order in which they were sent."""

    items = fields.List(fields.Nested(BulkResultSchema), required=True)


@dataclass(frozen=True, slots=True)
class _One:
    """One entry in its own unit of work."""

    editor: Editing
    body: Mapping[str, Any]
    kind: str
    entry_id: int


def _publish(one: _One) -> int:
    waits = [_published(one, language) for language in one.body["languages"]]
    return 202 if any(waits) else 200


def _published(one: _One, language: str) -> bool:
    opened(one.editor, one.editor.publishes, one.kind, one.entry_id, language)
    text = content.publish_text(one.editor.db, one.entry_id, language, **one.editor.text(language))
    return one.editor.actor.reviewed and text.review_state == content.REQUESTED


def _submit(one: _One) -> int:
    said = {name: one.body[name] for name in ("message", "assignee")}
    for language in one.body["languages"]:
        opened(one.editor, "write", one.kind, one.entry_id, language)
        content.submit_text(one.editor.db, one.entry_id, language, **said, **one.editor.text(language))
    return 200


def _take_offline(one: _One) -> int:
    for language in one.body["languages"]:
        opened(one.editor, "publish", one.kind, one.entry_id, language)
        content.text_at(one.editor.db, one.entry_id, language, one.editor.seen.text(language))
    content.take_offline(one.editor.db, one.entry_id, one.body["languages"], actor=one.editor.actor)
    return 200


def _archive(one: _One) -> int:
    opened(one.editor, "archive", one.kind, one.entry_id).archive(one.editor.db, one.entry_id, **one.editor.entry)
    return 200


def _restore(one: _One) -> int:
    opened(one.editor, "archive", one.kind, one.entry_id).restore(one.editor.db, one.entry_id, **one.editor.entry)
    return 200


def _delete(one: _One) -> int:
    opened(one.editor, "delete", one.kind, one.entry_id).delete(one.editor.db, one.entry_id, **one.editor.entry)
    return 204


def _move(one: _One) -> int:
    if one.kind != pages.KIND.plural:
        raise Invalid("bulk.move", "Only pages stand in a tree; leave the others out.")
    opened(one.editor, "edit", one.kind, one.entry_id)
    place = {"under": one.body["under"], "after": None, "place": "last"}
    pages.move(one.editor, one.entry_id, place, revision=one.editor.seen.entry)
    return 200


_ACTIONS: Mapping[str, Callable[[_One], int]] = {
    "publish": _publish,
    "submit": _submit,
    "take_offline": _take_offline,
    "archive": _archive,
    "restore": _restore,
    "delete": _delete,
    "move": _move,
}
_OF_TEXTS = ("publish", "submit", "take_offline")


@editing(
    shared,
    f"{HERE}/bulk",
    method="POST",
    needs=all_needing("write", "translate", "edit", "publish", "archive", "delete"),
    body=BulkSchema,
    answer=BulkResultsSchema,
    apart=True,
)
def do_in_bulk(tenant: str, body: Mapping[str, Any]) -> Outcome:
    """Do the same to many entries. Each is done or not by itself, and has a status of its own.

    Under an `Idempotency-Key`, a retry is given the answers of what was done already and does the rest.
    """
    if body["action"] in _OF_TEXTS and not body["languages"]:
        raise Invalid("bulk.languages", "Say in which languages.")
    key = idempotency_key()
    return Outcome({"items": [_done(tenant, body, number, key) for number in range(len(body["items"]))]})


def _done(tenant: str, body: Mapping[str, Any], number: int, key: str) -> dict[str, Any]:
    item = body["items"][number]
    answered = {"kind": item["kind"], "id": item["id"]}
    try:
        with request_work(write=True) as (db, actor):
            editor = Editing(db, actor, tenant, parsed(item["etag"]))
            status, tag = _once(_One(editor, body, item["kind"], item["id"]), f"{key}#{number}" if key else "")
    except Problem as problem:
        failure = failure_of(problem)
        status = 412 if isinstance(problem, Outdated) else failure.status
        return {
            **answered,
            "status": status,
            "etag": None,
            "problem": {"code": failure.code, "detail": failure.detail},
        }
    return {**answered, "status": status, "etag": tag, "problem": None}


def _once(one: _One, key: str) -> tuple[int, str | None]:
    """The item done, or what was answered to it under this key before."""
    db, actor = one.editor.db, one.editor.actor
    asked = idempotency.digest(repr((one.kind, one.entry_id, one.editor.seen.tag, one.body)).encode()) if key else ""
    kept = idempotency.find(db, key, asked, actor=actor) if key else None
    if kept is not None:
        return kept.status, kept.body or None
    status = _ACTIONS[one.body["action"]](one)
    kind = kind_at(one.kind)
    tag = None if status == 204 else tag_of(content.draft(db, kind.content_type, one.entry_id))
    if key:
        idempotency.keep(db, key, asked, status=status, headers={}, body=tag or "", actor=actor)
    return status, tag
