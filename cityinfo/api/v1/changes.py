"""Following a city: everything once, then only what changed, so that a phone stays right with little data."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response
from marshmallow import fields, validate

from cityinfo.features import publishing
from cityinfo.features.publishing import Changes
from cityinfo.web.bodies import Answer, Reading, all_kinds, serve

from .operations import MOST_CURSOR, Body, Query, answer, limit, operation, section
from .tenants import LanguageSchema, TenantSchema, language_object, tenant_object

EVERYTHING = 10_000_000  # more rows than a city and language can have
blueprint = section(
    "Changes",
    "Keep a copy of a city that stays right. Read `bundle` once, then `changes` with the cursor; apply the items in"
    " order. Take `document` for (`kind`, `id`) in, or take it out when `removed` is true. An answer 410 means: start"
    " again with `bundle`.",
)


class ChangeSchema(Body):
    """One published document, or the news that it is gone."""

    kind = fields.String(
        required=True,
        metadata={
            "description": "`page`, or `outline`: parent and slugs of an entry in all languages, from which paths and"
            " the language switch are made.",
            "example": "page",
        },
    )
    id = fields.Integer(required=True, metadata={"description": "Identity within its kind.", "example": 52776558133248})
    seq = fields.Integer(required=True, metadata={"description": "The city's number of this change.", "example": 217})
    removed = fields.Boolean(required=True, metadata={"description": "True: take it out."})
    document = fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "The document as it was published, null when removed. It holds no addresses: links in"
            " `content` read `entry:ID`, or `entry:ID/LANGUAGE` when they insist on a language. Make them from the"
            " outlines: the slugs of the entry and of all above it (`parent`), joined by slashes. Where the entry has"
            " no outline, or no slug in that language, the words are shown without a link. Siblings stand in the order"
            " of `position`, compared as bytes, then of `id`.",
            "example": {
                "id": 52776558133248,
                "kind": "page",
                "language": "de",
                "parent": None,
                "position": "a0",
                "slug": "arbeit",
                "title": "Arbeit",
                "content": '<p>Zuerst zum <a href="entry:52776558133376">Amt</a>.</p>',
                "excerpt": "Zuerst zum Amt.",
                "thumbnail": None,
                "changed_at": "2026-11-19T13:06:57.529+00:00",
                "origin": "human",
                "v3": {"id": 52776558133249, "entry_id": 52776558133248},
            },
        },
    )


class ChangesSchema(Body):
    """A portion of what happened, in the order in which it happened."""

    items = fields.List(fields.Nested(ChangeSchema), required=True)
    cursor = fields.String(
        required=True,
        metadata={"description": "Where to go on, also when nothing happened. Keep it.", "example": "41-217-page-527"},
    )
    more = fields.Boolean(required=True, metadata={"description": "True: ask again at once."})


class BundleSchema(Body):
    """Everything of a city in one language."""

    tenant = fields.Nested(TenantSchema, required=True)
    language = fields.Nested(LanguageSchema, required=True)
    cursor = fields.String(
        required=True, metadata={"description": "For `changes`, from here on.", "example": "41-217-page-527"}
    )
    items = fields.List(fields.Nested(ChangeSchema), required=True)


class ChangesQuery(Query):
    """From where, and how much."""

    since = fields.String(
        validate=validate.Length(min=1, max=MOST_CURSOR),
        metadata={"description": "Cursor of the answer before. Without it: from the beginning."},
    )
    limit = limit(2000, default=500)


@operation(blueprint, "/tenants/<tenant>/<language>/changes", answer=ChangesSchema, query=ChangesQuery, also=[410])
def list_changes(query: dict[str, Any], tenant: str, language: str) -> Response:
    """Read what changed since a cursor.

    Documents that were published or removed, in order, each at most once with its newest state. From the beginning,
    removed ones are left out. 410 when the cursor can no longer be continued: the city was restored, its languages
    changed, or the cursor is older than 90 days.
    """
    return serve(
        "v1.changes",
        tenant=tenant,
        language=language.lower(),
        params=Query.canonical(query),
        kinds=all_kinds(),
        build=lambda reading: _changes(reading, query.get("since"), query["limit"]),
    )


@operation(blueprint, "/tenants/<tenant>/<language>/bundle", answer=BundleSchema)
def get_bundle(tenant: str, language: str) -> Response:
    """Read everything of a city in one language.

    One body, and the cursor with which `changes` goes on.
    """
    return serve("v1.bundle", tenant=tenant, language=language.lower(), kinds=all_kinds(), build=_bundle)


def _changes(reading: Reading, since: str | None, most: int) -> Answer:
    found = publishing.changes(reading.db, reading.language, since=since, most=most)
    return answer({"items": _items(found), "cursor": str(found.cursor), "more": found.more}, reading)


def _bundle(reading: Reading) -> Answer:
    found = publishing.changes(reading.db, reading.language, since=None, most=EVERYTHING)
    bundle = {
        "tenant": tenant_object(reading),
        "language": language_object(reading.registry()[reading.language]),
        "cursor": str(found.cursor),
        "items": _items(found),
    }
    return answer(bundle, reading)


def _items(found: Changes) -> list[dict[str, Any]]:
    return [
        {
            "kind": publishing.shown_kind(item.kind),
            "id": item.entry_id,
            "seq": item.seq,
            "removed": item.payload is None,
            "document": None if item.payload is None else orjson.Fragment(item.payload),
        }
        for item in found.items
    ]
