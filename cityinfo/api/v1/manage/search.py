"""What editors say of search, and what they learn of it: synonyms, and what nobody found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body, Paged, Query, limit
from cityinfo.api.v1.operations import portion as portion_after
from cityinfo.features import search
from cityinfo.features.search import Missed, SynonymGroup
from cityinfo.kernel import clock

from .drafts import list_schema
from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .lists import whole_list
from .values import Line, Sent

blueprint = section("Editing: search", "Words that mean the same in the city, and what readers looked for in vain.")
ONE = f"{HERE}/synonyms/<int:group_id>"
WORDS = validate.Length(min=2, max=20)
MOST_DAYS = 90  # misses are kept no longer


class WordsOfGroupSchema(Sent):
    """Words that mean the same."""

    words = fields.List(
        fields.String(validate=validate.Length(min=1, max=80)),
        required=True,
        validate=WORDS,
        metadata={"uniqueItems": True, "example": ["Kita", "Kindergarten"]},
    )


class SynonymsDraftSchema(WordsOfGroupSchema):
    """A group of words in one language."""

    language = Line(20, required=True, metadata={"example": "de"})


class SynonymsSchema(Body):
    """Words of one language that mean the same in this city."""

    id = fields.Integer(required=True)
    language = fields.String(required=True, metadata={"example": "de"})
    words = fields.List(fields.String(), required=True, metadata={"example": ["Kita", "Kindergarten"]})
    revision = fields.Integer(required=True)


class SynonymsFilter(Query):
    """Which groups."""

    language = Line(20, load_default="", metadata={"description": "Empty: of all languages.", "example": "de"})


class MissSchema(Body):
    """A query that found nothing, or hardly anything. It says nothing of who asked."""

    language = fields.String(required=True, metadata={"example": "de"})
    query = fields.String(required=True, metadata={"example": "sperrmüll"})
    count = fields.Integer(required=True, metadata={"description": "How often.", "example": 12})
    last = fields.Date(required=True, metadata={"description": "The day on which it was asked last."})


class MissFilter(Paged):
    """Which queries."""

    language = Line(20, load_default="", metadata={"description": "Empty: in all languages.", "example": "de"})
    days = fields.Integer(
        load_default=30,
        validate=validate.Range(1, MOST_DAYS),
        metadata={"description": f"Of so many days, at most {MOST_DAYS}."},
    )
    limit = limit(200, default=50)


@editing(
    blueprint,
    f"{HERE}/synonyms",
    needs=["search:manage"],
    answer=whole_list(SynonymsSchema, "SynonymsList"),
    query=SynonymsFilter,
)
def list_synonyms(editor: Editing, query: Mapping[str, Any]) -> Outcome:
    """List the city's own groups of synonyms, oldest first. Those that all cities have are not among them."""
    groups = search.synonym_groups(editor.db, query["language"] or None)
    return Outcome({"items": [_written(one) for one in groups]})


@editing(
    blueprint,
    f"{HERE}/synonyms",
    method="POST",
    needs=["search:manage"],
    body=SynonymsDraftSchema,
    answer=SynonymsSchema,
    status=201,
)
def add_synonyms(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Let words mean the same; searches know it at once."""
    made = search.add_synonyms(editor.db, body["language"], body["words"], actor=editor.actor)
    return record(_written(made), status=201, location=f"/api/v1/manage/{editor.tenant}/synonyms/{made.id}")


@editing(blueprint, ONE, needs=["search:manage"], answer=SynonymsSchema)
def get_synonyms(editor: Editing, group_id: int) -> Outcome:
    """Read a group of synonyms."""
    return record(_written(search.synonym_group(editor.db, group_id)))


@editing(
    blueprint, ONE, method="PUT", needs=["search:manage"], body=WordsOfGroupSchema, answer=SynonymsSchema, if_match=True
)
def change_synonyms(editor: Editing, body: Mapping[str, Any], group_id: int) -> Outcome:
    """Let a group have other words. Its language stays."""
    revision = _seen(editor, group_id, body)
    return record(_written(search.change_synonyms(editor.db, group_id, body["words"], **revision)))


@editing(blueprint, ONE, method="DELETE", needs=["search:manage"], answer=None, status=204, if_match=True)
def remove_synonyms(editor: Editing, group_id: int) -> Outcome:
    """Forget a group of synonyms."""
    search.remove_synonyms(editor.db, group_id, **_seen(editor, group_id))
    return Outcome()


@editing(
    blueprint,
    f"{HERE}/search-misses",
    needs=["search:manage"],
    answer=list_schema(MissSchema, "MissList"),
    query=MissFilter,
    also=(410,),
)
def list_misses(editor: Editing, query: Mapping[str, Any]) -> Outcome:
    """List what readers looked for in vain, most often first.

    Only what was asked several times is listed, and nothing that could be about a person was counted.
    """
    since = clock.now().date() - timedelta(days=query["days"] - 1)
    found = search.missed(editor.db, since, language=query["language"] or None)
    shown, cursor = portion_after(found, _place, limit=query["limit"], cursor=query.get("cursor"))
    return Outcome({"items": [asdict(one) for one in shown], "cursor": cursor, "more": cursor is not None})


def _seen(editor: Editing, group_id: int, yours: Mapping[str, Any] | None = None) -> dict[str, Any]:
    group = search.synonym_group(editor.db, group_id)
    editor.compare(_written(group), yours)
    return {"revision": group.revision, "actor": editor.actor}


def _written(group: SynonymGroup) -> dict[str, Any]:
    return {name: getattr(group, name) for name in ("id", "language", "words", "revision")}


def _place(missed: Missed) -> str:
    return f"{missed.language} {missed.query}"
