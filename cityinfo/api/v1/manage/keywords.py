"""What readers may call an entry, beside its words: for searching, never shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from cityinfo.features import content

from .editing import Editing, Outcome, editing
from .entries import all_needing, opened, shared
from .kinds import kind_at
from .tags import tag_of
from .texts import TEXT
from .values import Line, Sent


class KeywordsSchema(Sent):
    """What readers may call an entry, beside its words."""

    lines = fields.List(
        Line(content.LONGEST_KEYWORD),
        required=True,
        validate=validate.Length(max=content.MOST_KEYWORDS),
        metadata={"description": "For searching, never shown. Empty: none.", "example": ["Jobcenter", "Hartz IV"]},
    )


@editing(shared, f"{TEXT}/keywords", needs=all_needing("read"), answer=KeywordsSchema, name="getKeywords")
def get_keywords(editor: Editing, kind: str, entry_id: int, language: str) -> Outcome:
    """Read what readers may call an entry in a language, beside its words."""
    opened(editor, "read", kind, entry_id)
    content.find_text(editor.db, entry_id, language)
    return _keywords(editor, kind, entry_id, language)


@editing(
    shared,
    f"{TEXT}/keywords",
    method="PUT",
    needs=all_needing("publish"),
    body=KeywordsSchema,
    answer=KeywordsSchema,
    if_match=True,
    name="setKeywords",
)
def set_keywords(editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str) -> Outcome:
    """Say what readers may call an entry; searches know it at once. The tag is the entry's."""
    opened(editor, "publish", kind, entry_id, language)
    editor.rejected = lambda anew: {"yours": body, "theirs": _keywords(anew, kind, entry_id, language).body}
    content.set_keywords(editor.db, entry_id, language, body["lines"], **editor.entry)
    return _keywords(editor, kind, entry_id, language)


def _keywords(editor: Editing, kind: str, entry_id: int, language: str) -> Outcome:
    lines = content.keywords_of(editor.db, [entry_id]).get((entry_id, language), [])
    draft = content.draft(editor.db, kind_at(kind).content_type, entry_id)
    return Outcome({"lines": lines}, tag_of(draft))
