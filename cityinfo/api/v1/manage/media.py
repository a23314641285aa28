"""Editing media: uploads, folders, and what is said of a file beside its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import current_app
from marshmallow import fields
from marshmallow.validate import Length

from cityinfo.api.v1.operations import Body, Query
from cityinfo.features import media, tenants
from cityinfo.features.media import Kept, Library
from cityinfo.kernel.db import NO_TENANT, Work
from cityinfo.kernel.facts import Actor

from . import entries
from .drafts import entry_outcome, entry_schema
from .editing import Editing, Outcome, editing
from .kinds import Facts, Kind, add
from .values import Line, Real, Sent


class MediaFactsSchema(Sent):
    """What is said of a file beside its words. The words are the alternative text and the transcript."""

    name = Line(media.MOST_NAME, metadata={"example": "rathaus.jpg"})
    folder = Line(media.MOST_NAME, metadata={"example": "gebaeude"})
    focal_point = fields.List(
        Real(metadata={"minimum": 0, "maximum": 1}),
        validate=Length(equal=2),
        metadata={"description": "What must stay visible: fractions from the left and the top.", "example": [0.5, 0.4]},
    )


class ShownMediaSchema(MediaFactsSchema):
    """The facts of a file as they are."""

    url = fields.String(required=True, metadata={"description": "Below the service's own address."})
    type = fields.String(required=True, metadata={"example": "image/jpeg"})
    size = fields.Integer(required=True, metadata={"description": "In bytes."})
    width = fields.Integer(required=True, allow_none=True)
    height = fields.Integer(required=True, allow_none=True)


class UploadQuery(Query):
    """Where an upload goes."""

    folder = Line(media.MOST_NAME, load_default="", metadata={"example": "gebaeude"})


class FileSchema(Sent):
    """The bytes, with their name."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class FolderSchema(Body):
    """A folder."""

    path = fields.String(required=True, metadata={"example": "gebaeude"})
    files = fields.Integer(required=True)
    bytes = fields.Integer(required=True)


class FoldersSchema(Body):
    """All folders, and how much may be kept."""

    items = fields.List(fields.Nested(FolderSchema), required=True)
    used = fields.Integer(required=True, metadata={"description": "Bytes of all files."})
    quota = fields.Integer(required=True, metadata={"description": "Bytes that may be kept."})


def _read(db: Work, media_id: int) -> dict[str, Any]:
    file = media.find(db, media_id)
    same = {name: getattr(file, name) for name in ("name", "folder", "type", "size", "width", "height")}
    return {**same, "url": media.address(file.key), "focal_point": [file.focal_x, file.focal_y]}


def _change(db: Work, media_id: int, facts: Facts, /, *, revision: int, actor: Actor) -> None:
    media.change(db, media_id, facts, revision=revision, actor=actor)


KIND = add(
    Kind(
        content_type=media.MEDIA,
        plural="media",
        noun="file",
        facts=MediaFactsSchema,
        shown=ShownMediaSchema,
        read=_read,
        create=None,
        change=_change,
        archive=media.archive,
        restore=media.restore,
        delete=media.delete_for_good,
        example={"name": "rathaus.jpg", "folder": "gebaeude", "focal_point": [0.5, 0.4]},
    )
)
blueprint = entries.operations_of(KIND, "Pictures, documents and recordings.")
FileDraft = entry_schema(KIND)


@contextmanager
def _keeping(tenant: str, _path: Mapping[str, Any], *sent: Mapping[str, Any]) -> Iterator[Kept]:
    """The bytes cleaned and kept, before any unit of work is open."""
    with current_app.extensions["database"].unit_of_work(NO_TENANT) as db:
        tenant_id = tenants.find(db, tenant).id
    file = sent[-1]["file"]
    with _library().keep(tenant_id, file.filename or "", file.read()) as kept:
        yield kept


@editing(
    blueprint,
    f"{entries.HERE}/media",
    method="POST",
    needs=["media:create"],
    query=UploadQuery,
    files=FileSchema,
    around=_keeping,
    answer=FileDraft,
    status=201,
)
def upload_file(editor: Editing, kept: Kept, said: Mapping[str, Any], _files: Mapping[str, Any]) -> Outcome:
    """Upload a file.

    It is read by its content and cleaned of what it tells; readers see it where something shows it.
    """
    media_id = _library().add(editor.db, kept, folder=said["folder"], words={}, actor=editor.actor)
    location = f"/api/v1/manage/{editor.tenant}/media/{media_id}"
    return entry_outcome(editor, KIND, media_id, status=201, location=location)


@editing(
    blueprint,
    f"{entries.HERE}/media/<int:entry_id>/file",
    method="PUT",
    needs=["media:edit"],
    files=FileSchema,
    around=_keeping,
    answer=FileDraft,
    if_match=True,
)
def replace_file(editor: Editing, kept: Kept, _files: Mapping[str, Any], entry_id: int) -> Outcome:
    """Let a file have other bytes; whatever shows it follows. Its words stay."""
    entries.opened(editor, "edit", KIND.plural, entry_id)
    _library().put(editor.db, entry_id, kept, **editor.entry)
    return entry_outcome(editor, KIND, entry_id)


@editing(blueprint, f"{entries.HERE}/media/folders", needs=["media:read"], answer=FoldersSchema)
def list_folders(editor: Editing) -> Outcome:
    """List all folders, and how much is used of what may be kept."""
    found = [{"path": one.path, "files": one.files, "bytes": one.bytes} for one in media.folders(editor.db)]
    most = media.quota(editor.db, _library().limits.tenant)
    return Outcome({"items": found, "used": media.used_bytes(editor.db), "quota": most})


def _library() -> Library:
    library: Library = current_app.extensions["library"]
    return library
