"""Reading files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from cityinfo.features import content, tenants
from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from . import rules
from .models import MediaFile, MediaQuota, PlatformFile

KIND = "media"
PICTURE = "picture"  # role of a relation: what an entry shows of itself


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with how many files lie in it itself, and their bytes."""

    path: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Undescribed:
    """A picture without an alternative text. `stands_in` names the language whose words readers are told, if any."""

    media_id: int
    name: str
    stands_in: str


def find(db: Work, media_id: int) -> MediaFile:
    """The file, archived or not; `NotFound` when there is none."""
    file = db.get(MediaFile, (db.tenant_id, media_id))
    if file is None:
        raise NotFound("media.unknown", say("There is no file {media_id}.", media_id=media_id))
    return file


def files(db: Work, media_ids: Collection[int]) -> dict[int, MediaFile]:
    """Those of these files that are not archived: what readers may be shown."""
    found: dict[int, MediaFile] = {}
    for ids in portions(media_ids):
        statement = select(MediaFile).join(content.Entry, content.Entry.id == MediaFile.id)
        rows = db.scalars(statement.where(MediaFile.id.in_(ids), content.Entry.archived_at.is_(None)))
        found.update({row.id: row for row in rows})
    return found


def folders(db: Work) -> list[Folder]:
    """All folders, those above included. A folder is there as long as a file lies in it or below."""
    rows = db.execute(select(MediaFile.folder, func.count(), func.sum(MediaFile.size)).group_by(MediaFile.folder)).all()
    found = {path: Folder(path, count, int(size)) for path, count, size in rows}
    for path in list(found):
        names = path.split("/")
        for end in range(len(names)):
            above = "/".join(names[:end])
            found.setdefault(above, Folder(above, 0, 0))
    return sorted(found.values(), key=lambda folder: folder.path.split("/"))


def usage(db: Work, media_ids: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """Who shows or leads to each of these files: kind and entry. Two statements for every 500 files."""
    found: dict[int, set[tuple[str, int]]] = {}
    for ids in portions(media_ids):
        for table in (content.Reference, content.Relation):
            rows = db.execute(
                select(table.to_entry_id, content.Entry.kind, content.Entry.id)
                .join(content.Entry, content.Entry.id == table.entry_id)
                .where(table.to_entry_id.in_(ids))
            )
            for media_id, kind, entry_id in rows:
                found.setdefault(media_id, set()).add((kind, entry_id))
    return {media_id: sorted(users) for media_id, users in found.items()}


def used_bytes(db: Work) -> int:
    """How much the library holds, archived files included, the copies made of pictures not."""
    return int(db.scalar(select(func.sum(MediaFile.size))) or 0)


def described(db: Work, media_ids: Collection[int], languages: Collection[str]) -> dict[int, set[str]]:
    """In which of these languages readers are told what the files show. One statement for every 500."""
    found: dict[int, set[str]] = {media_id: set() for media_id in media_ids}
    for media_id, language in content.public_texts(db, media_ids, languages):
        found[media_id].add(language)
    return found


def quota(db: Work, default: int) -> int:
    """How much the library may hold."""
    own = db.get(MediaQuota, db.tenant_id)
    return own.bytes if own else default


def twin(db: Work, key: str, name: str, folder: str) -> int | None:
    """A file with these bytes and this name that lies in this folder already, the oldest one."""
    statement = select(MediaFile.id).where(MediaFile.key == key, MediaFile.name == name, MediaFile.folder == folder)
    return db.scalar(statement.order_by(MediaFile.id).limit(1))


def is_used(db: Work, key: str) -> bool:
    """Whether a file of this city has these bytes."""
    return db.scalar(select(MediaFile.id).where(MediaFile.key == key).limit(1)) is not None


def platform_files(db: Work, name: str = "") -> list[PlatformFile]:
    """What the platform offers to every city, by name."""
    rows = db.scalars(select(PlatformFile).order_by(PlatformFile.name, PlatformFile.id))
    return [row for row in rows if rules.sought(name) in rules.sought(row.name)]


def find_platform_file(db: Work, file_id: int) -> PlatformFile:
    file = db.get(PlatformFile, file_id)
    if file is None:
        raise NotFound("media.unknown", say("The platform offers no file {file_id}.", file_id=file_id))
    return file


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
    words = content.Words(db, media_ids, tenants.active_languages(db), languages, falls_back=lambda _: True)
    return {key: words.version(key).title for key in words.keys}


def without_description(db: Work, text: str, language: str) -> list[Undescribed]:
    """Pictures that a text shows and nobody has described in its language, in the order in which they stand there.

    Words that the text itself gives a picture count as a description.
    """
    shown: dict[int, None] = {}

    def note(tag: str, media_id: int, own: Mapping[str, str]) -> Mapping[str, str]:
        if tag == "img" and not own.get("alt", "").strip() and not html.decorates(own):
            shown.setdefault(media_id)
        return own

    html.write_media(text, note)
    found = files(db, shown)
    active = {*tenants.active_languages(db), language}
    words = content.Words(db, found, active, (), falls_back=lambda _: True)
    written = {media_id: words.written.get((media_id, language), (media_id, ""))[1] for media_id in shown}
    return [
        Undescribed(one, found[one].name, written[one]) for one in shown if one in found and written[one] != language
    ]


def keys(db: Work) -> Sequence[str]:
    """Under which keys the bytes of all files of the city lie."""
    return db.scalars(select(MediaFile.key).order_by(MediaFile.key)).all()


def ids_by_file(db: Work) -> dict[tuple[str, str], int]:
    """All files by what their bytes are called, without whose they are, and their own name."""
    rows = db.execute(select(MediaFile.key, MediaFile.name, MediaFile.id).order_by(MediaFile.id.desc()))
    return {(key.rpartition("/")[2], name): media_id for key, name, media_id in rows}


def file_at(db: Work, place: str) -> int | None:
    """The file whose bytes are read under this address; None when none of the city's is."""
    key = place.removeprefix(address(""))
    if key == place:
        return None
    return db.scalar(select(MediaFile.id).where(MediaFile.key == key).order_by(MediaFile.id).limit(1))


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
