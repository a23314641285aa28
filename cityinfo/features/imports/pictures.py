"""Pictures beside a tenant's pages: files with their alternative texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cityinfo.features import media, tenants
from cityinfo.features.media import Library, Search, Upload, Words
from cityinfo.kernel.facts import Actor

from .archive import read_toml
from .dumps import naming

FILE, FOLDER = "media.toml", "media"


def import_pictures(library: Library, tenant_id: int, folder: Path, *, actor: Actor) -> dict[str, int]:
    """Upload what is not there yet, by its name; returns all by the keys under which entries name them.

    Each file is written by itself: decoding takes long, and nothing may be decoded inside a unit of work.
    """
    if not (folder / FILE).exists():
        return {}
    with naming(str(folder / FILE)):
        rows = read_toml(folder / FILE).get("entry", [])
        return {row["key"]: _picture(library, tenant_id, folder / FOLDER / row["file"], row, actor) for row in rows}


def _picture(library: Library, tenant_id: int, file: Path, row: Mapping[str, Any], actor: Actor) -> int:
    with library.database.unit_of_work(tenant_id) as db:
        known = [one.id for one in media.listing(db, Search(name=file.name, folder="")) if one.name == file.name]
        languages = [language for language in tenants.tree(db) if language in row]
    if known:
        return known[0]
    words = {language: Words(**row[language]) for language in languages}
    return library.upload(tenant_id, Upload(name=file.name, data=file.read_bytes(), words=words), actor=actor)
