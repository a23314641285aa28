"""Reading files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from cityinfo.features import content, tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.listing import portions

from .models import MediaFile

KIND = "media"
PICTURE = "picture"  # role of a relation: what an entry shows of itself


def find(db: Work, media_id: int) -> MediaFile:
    """The file; `NotFound` when there is none."""
    file = db.get(MediaFile, (db.tenant_id, media_id))
    if file is None:
        raise NotFound("media.unknown", f"There is no file {media_id}.")
    return file


def files(db: Work, media_ids: Collection[int]) -> dict[int, MediaFile]:
    found: dict[int, MediaFile] = {}
    for ids in portions(media_ids):
        found.update({row.id: row for row in db.scalars(select(MediaFile).where(MediaFile.id.in_(ids)))})
    return found


def address(key: str) -> str:
    """Where readers find bytes, below the service's own address. Never another content: a key is a digest."""
    return f"/media/{key}"


def pictures(
    db: Work, entry_ids: Collection[int], languages: Collection[str], *, role: str = PICTURE
) -> dict[tuple[int, str], dict[str, Any]]:
    """What documents say of the picture that entries show in a role, by entry and language.

    `alt` is the picture's public text in that language or in the one it falls back to, empty when there is none.
    """
    shown = {entry_id: targets[0] for entry_id, targets in content.related(db, entry_ids, role).items()}
    found = files(db, set(shown.values()))
    texts = alternative_texts(db, found, languages)
    return {
        (entry_id, language): {**facts_of(found[media_id]), "alt": texts.get((media_id, language), "")}
        for entry_id, media_id in shown.items()
        if media_id in found
        for language in languages
    }


def alternative_texts(db: Work, media_ids: Collection[int], languages: Collection[str]) -> dict[tuple[int, str], str]:
    """Public titles of files, always with fallback: a picture described in another language is better than not."""
    active = tenants.active_languages(db)
    words = content.Words(db, media_ids, active, languages, falls_back=lambda _: True)
    return {key: words.version(key).title for key in words.keys}


def facts_of(file: MediaFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "url": address(file.key),
        "type": file.type,
        "width": file.width,
        "height": file.height,
        "focal_point": [file.focal_x, file.focal_y],
        "renditions": [
            {"url": address(one["key"]), **{name: one[name] for name in ("type", "width", "height")}}
            for one in file.renditions.get("items", ())
        ],
    }


def all_ids(db: Work) -> Sequence[int]:
    return db.scalars(select(MediaFile.id).order_by(MediaFile.id)).all()
