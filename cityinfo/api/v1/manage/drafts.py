"""Entries and texts as editors are shown them: the schemas, and how they are filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields

from cityinfo.api.v1.operations import Body, PagedAnswer
from cityinfo.features import content
from cityinfo.features.content import Draft, State, Version, WrittenText
from cityinfo.kernel.db import Work

from .editing import Editing, Outcome
from .kinds import Kind
from .tags import tag_of

EXAMPLE = 52776558133248


class SlugSchema(Body):
    """A slug of the entry, present or past."""

    language = fields.String(required=True, metadata={"example": "de"})
    slug = fields.String(required=True, metadata={"example": "arbeitsuche"})
    role = fields.String(
        required=True,
        metadata={
            "description": "`current`, `reserved` until published, `former` or `returning`.",
            "example": "current",
        },
    )


class VersionSchema(Body):
    """What a text said after one save."""

    id = fields.Integer(required=True, metadata={"example": EXAMPLE})
    number = fields.Integer(required=True, metadata={"example": 3})
    title = fields.String(required=True, metadata={"example": "Arbeitsuche"})
    content = fields.String(required=True, metadata={"description": "Sanitised HTML.", "example": "<p>Guten Tag.</p>"})
    minor = fields.Boolean(required=True, metadata={"description": "Outdates no translation."})
    based_on = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Version of the source language it was translated from."},
    )
    origin = fields.String(required=True, metadata={"description": "`human`, `machine` or `import`."})
    author = fields.String(required=True, metadata={"example": "person:52776558133248"})
    created_at = fields.DateTime(required=True)
    changed_at = fields.DateTime(required=True, metadata={"description": "The time readers see."})


class VersionHeadSchema(VersionSchema):
    """The same without the content."""

    class Meta(Body.Meta):
        exclude = ("content",)


class TextHeadSchema(Body):
    """A text in a list."""

    title = fields.String(required=True, metadata={"description": "Of the newest version.", "example": "Arbeitsuche"})
    revision = fields.Integer(required=True, metadata={"example": 3})
    stage = fields.String(
        required=True,
        metadata={"description": "`draft`, `public`, or `changed` since it was published.", "example": "public"},
    )
    review = fields.String(
        required=True, metadata={"description": "`requested`, `returned` or empty.", "example": "requested"}
    )
    assignee = fields.String(required=True)
    publish_at = fields.DateTime(required=True, allow_none=True)
    offline_at = fields.DateTime(required=True, allow_none=True)


class AutosaveSchema(Body):
    """Your own words that are no version: typed and not saved, or rejected by a conflict."""

    title = fields.String(required=True)
    content = fields.String(required=True)
    revision = fields.Integer(required=True, metadata={"description": "Of the text they started from."})
    saved_at = fields.DateTime(required=True)


class TextSchema(TextHeadSchema):
    """A text with what editors and what readers see."""

    language = fields.String(required=True, metadata={"example": "de"})
    slug = fields.String(required=True, allow_none=True, metadata={"example": "arbeitsuche"})
    state = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Against its source: "
            + ", ".join(f"`{one}`" for one in State)
            + "; null in a language that is switched off.",
            "example": "up_to_date",
        },
    )
    message = fields.String(required=True, metadata={"description": "Of who asked for review, or returned it."})
    in_translation_since = fields.DateTime(required=True, allow_none=True)
    current = fields.Nested(VersionSchema, required=True)
    public = fields.Nested(VersionSchema, required=True, allow_none=True)


class EntryHeadSchema(Body):
    """An entry in a list."""

    id = fields.Integer(required=True, metadata={"example": EXAMPLE})
    kind = fields.String(required=True, metadata={"example": "page"})
    etag = fields.String(
        required=True, metadata={"description": "Send it as `If-Match`, in quotes.", "example": "4;de=3;en=1"}
    )
    revision = fields.Integer(required=True, metadata={"example": 4})
    created_at = fields.DateTime(required=True)
    changed_at = fields.DateTime(required=True, allow_none=True)
    archived_at = fields.DateTime(required=True, allow_none=True)
    states = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "Where each active language stands.",
            "example": {"de": "up_to_date", "en": "outdated", "ar": "missing"},
        },
    )
    texts = fields.Dict(keys=fields.String(), values=fields.Nested(TextHeadSchema), required=True)


def list_schema(item: type[Schema], name: str) -> type[Schema]:
    """A portion of a list of these."""
    members = {"items": fields.List(fields.Nested(item), required=True), "__doc__": "A portion of a list."}
    return type(name, (PagedAnswer,), members)


def entry_schema(kind: Kind) -> type[Schema]:
    """An entry of a kind with its facts and all its texts; the same class whoever asks."""
    if kind.noun not in _ENTRIES:
        _ENTRIES[kind.noun] = _entry_schema(kind)
    return _ENTRIES[kind.noun]


_ENTRIES: dict[str, type[Schema]] = {}


def _entry_schema(kind: Kind) -> type[Schema]:
    facts: fields.Field[Any] = fields.Dict(required=True, metadata={"description": "Nothing stands beside its words."})
    shown = kind.shown or kind.facts
    if shown is not None:
        facts = fields.Nested(shown, required=True, metadata={"example": dict(kind.example)})
    members: dict[str, Any] = {
        "facts": facts,
        "texts": fields.Dict(keys=fields.String(), values=fields.Nested(TextSchema), required=True),
        "addresses": fields.List(fields.Nested(SlugSchema), required=True),
        "__doc__": "An entry with what stands beside its words, and all its texts.",
    }
    return type(f"{kind.noun.capitalize()}Draft", (EntryHeadSchema,), members)


def entry_outcome(editor: Editing, kind: Kind, entry_id: int, *, status: int = 200, location: str = "") -> Outcome:
    """The entry as it is now, under its tag."""
    draft = content.draft(editor.db, kind.content_type, entry_id)
    return Outcome(written_entry(editor.db, kind, draft), tag_of(draft), status, location)


def text_outcome(editor: Editing, kind: Kind, entry_id: int, language: str) -> Outcome:
    """One text as it is now, under the tag of its entry."""
    content.find_text(editor.db, entry_id, language)
    draft = content.draft(editor.db, kind.content_type, entry_id)
    written = _written_texts(editor.db, draft)[language]
    kept = content.autosave_of(editor.db, entry_id, language, editor.actor)
    words = ("title", "content", "revision", "saved_at")
    mine = {name: getattr(kept, name) for name in words} if kept else None
    return Outcome({**written, "autosave": mine}, tag_of(draft))


class TextWithAutosaveSchema(TextSchema):
    """A text, and your own unsaved words for it."""

    autosave = fields.Nested(AutosaveSchema, required=True, allow_none=True)


def written_head(draft: Draft) -> dict[str, Any]:
    """An entry as a list shows it."""
    entry = draft.entry
    return {
        "id": entry.id,
        "kind": entry.kind,
        "etag": tag_of(draft),
        "revision": entry.revision,
        "created_at": entry.created_at,
        "changed_at": entry.changed_at,
        "archived_at": entry.archived_at,
        "states": draft.states,
        "texts": {language: _text_head(one) for language, one in draft.texts.items()},
    }


def written_entry(db: Work, kind: Kind, draft: Draft) -> dict[str, Any]:
    """An entry with everything."""
    rows = content.addresses(db, [draft.entry.id])
    return {
        **written_head(draft),
        "facts": written_facts(kind.read(db, draft.entry.id)),
        "texts": _written_texts(db, draft),
        "addresses": [{"language": row.language, "slug": row.slug, "role": row.role} for row in rows],
    }


def written_facts(facts: Any) -> dict[str, Any]:
    """Facts as JSON writes them and as they can be sent back."""
    return asdict(facts) if is_dataclass(facts) and not isinstance(facts, type) else dict(facts)


def written_version(version: Version) -> dict[str, Any]:
    names = ("id", "number", "title", "content", "minor", "origin", "author", "created_at", "changed_at")
    return {**{name: getattr(version, name) for name in names}, "based_on": version.based_on_id}


def written_versions(versions: Sequence[Version]) -> list[dict[str, Any]]:
    """Heads of versions, without their contents."""
    return [{name: value for name, value in written_version(one).items() if name != "content"} for one in versions]


def _written_texts(db: Work, draft: Draft) -> dict[str, dict[str, Any]]:
    ids = {one.text.current_version_id for one in draft.texts.values()}
    ids |= {one.text.public_version_id for one in draft.texts.values()}
    versions = content.versions_by_id(db, {one for one in ids if one is not None})
    slugs = content.slugs_of(db, draft.entry.id)
    return {language: _written_text(draft, one, versions, slugs.get(language)) for language, one in draft.texts.items()}


def _written_text(
    draft: Draft, written: WrittenText, versions: Mapping[int, Version], slug: str | None
) -> dict[str, Any]:
    text = written.text
    shown = {name: versions.get(one or 0) for name, one in _versions_of(written)}
    return {
        **_text_head(written),
        "language": text.language,
        "slug": slug,
        "state": draft.states.get(text.language),
        "message": text.review_message,
        "in_translation_since": text.in_translation_since,
        **{name: written_version(one) if one else None for name, one in shown.items()},
    }


def _versions_of(written: WrittenText) -> tuple[tuple[str, int | None], ...]:
    return ("current", written.text.current_version_id), ("public", written.text.public_version_id)


def _text_head(written: WrittenText) -> dict[str, Any]:
    text = written.text
    moments: dict[str, datetime | None] = {"publish_at": text.publish_at, "offline_at": text.offline_at}
    return {
        "title": written.title,
        "revision": text.revision,
        "stage": written.stage,
        "review": text.review_state,
        "assignee": text.assignee,
        **moments,
    }
