"""The files on one sheet, with the folders around them: what the library shows and what a picture is chosen from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cityinfo.cms.kinds import readable_entries
from cityinfo.cms.writing.desk import city_languages
from cityinfo.features import media
from cityinfo.features.media import Folder, MediaFile, Search
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from .words import BEGINNINGS, PICTURE, about, kind_of

ON_A_SHEET = 50
UNDESCRIBED, UNUSED, ARCHIVED = "undescribed", "unused", "archived"
BY_NAME = "name"
_WIDE_ENOUGH = 300  # pixels of the copy that stands for a picture
DRAWING = "image/svg+xml"
_NAMES = ("q", "folder", "kind", "show", "sort", "pick")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for, as the address of the list says it. With `pick` one file is to be chosen."""

    q: str = ""
    folder: str = ""
    kind: str = ""
    show: str = ""
    sort: str = ""
    pick: str = ""
    after: int = 0

    def kept(self, **other: object) -> dict[str, str]:
        """The same for an address, from its first sheet on, with something else looked for."""
        values = {**{name: getattr(self, name) for name in _NAMES}, **other}
        return {name: str(value) for name, value in values.items() if value}

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.kind or self.show)


@dataclass(frozen=True, slots=True)
class Tile:
    """A file as it lies on the sheet. `lacking` are the languages in which nothing is said of it."""

    id: int
    name: str
    folder: str
    shown: str
    focus: str
    kind: str
    about: str
    lacking: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A sheet of files. `path` leads to the open folder, `below` lie in it; `following` is where more begin."""

    asked: Asked
    tiles: Sequence[Tile]
    following: int | None
    path: Sequence[tuple[str, str]]
    below: Sequence[Folder]
    all_folders: Sequence[str]


def asked(sent: Mapping[str, str]) -> Asked:
    """What an address asks for; `Invalid` for what is no folder."""
    words = {name: sent.get(name, "").strip() for name in ("q", "kind", "show", "sort", "pick")}
    folder, after = media.check_folder(sent.get("folder", "")), sent.get("after", "")
    return Asked(folder=folder, after=int(after) if after.isdecimal() else 0, **words)


def shelf(db: Work, actor: Actor, wanted: Asked) -> Shelf:
    """The sheet that is asked for. A fixed number of statements, however many files there are."""
    languages = tuple(city_languages(db))
    found = media.listing(db, _search(db, actor, wanted, languages))
    shown = found[:ON_A_SHEET]
    described = media.described(db, [file.id for file in shown], languages)
    known = media.folders(db)
    return Shelf(
        wanted,
        [_tile(file, [one for one in languages if one not in described[file.id]]) for file in shown],
        shown[-1].id if len(found) > ON_A_SHEET else None,
        _path(wanted.folder),
        _below(known, wanted.folder),
        [folder.path for folder in known if folder.path],
    )


def thumbnail(file: MediaFile) -> str:
    """Where a small picture of the file is; empty for what is none."""
    if not file.type.startswith(BEGINNINGS[PICTURE]):
        return ""
    facts = media.facts_of(file)
    small = [one for one in facts["renditions"] if one["width"] >= _WIDE_ENOUGH and one["type"] == "image/webp"]
    return str(min(small, key=lambda one: int(one["width"]))["url"] if small else facts["url"])


def focus(file: MediaFile) -> str:
    """The classes by which a frame of another shape cuts a picture around what must stay visible, to a tenth of its
    sides; empty for drawings: logos are never cut."""
    if thumbnail(file) == "" or file.type == DRAWING:
        return ""
    return f"focus fx-{round(file.focal_x * 10)} fy-{round(file.focal_y * 10)}"


def _search(db: Work, actor: Actor, wanted: Asked, languages: Sequence[str]) -> Search:
    search = Search(
        q=wanted.q,
        folder=wanted.folder or None,
        deep=True,
        mime=BEGINNINGS.get(wanted.kind, ""),
        unused=wanted.show == UNUSED,
        archived=wanted.show == ARCHIVED,
        lacking=languages if wanted.show == UNDESCRIBED else (),
        among=readable_entries(db, media.KIND, actor),
        newest=wanted.sort != BY_NAME,
        most=ON_A_SHEET + 1,
    )
    last = media.sought_name(db, wanted.after) if wanted.after else None
    return search if last is None else replace(search, after=(last, wanted.after))


def _tile(file: MediaFile, lacking: Sequence[str]) -> Tile:
    return Tile(file.id, file.name, file.folder, thumbnail(file), focus(file), kind_of(file.type), about(file), lacking)


def _path(folder: str) -> list[tuple[str, str]]:
    names = folder.split("/") if folder else []
    return [(name, "/".join(names[: end + 1])) for end, name in enumerate(names)]


def _below(known: Sequence[Folder], folder: str) -> list[Folder]:
    """The folders right in this one, each with all files in it and below."""
    start = f"{folder}/" if folder else ""
    inside = [one for one in known if one.path.startswith(start) and one.path not in ("", folder)]
    found = [one for one in inside if "/" not in one.path.removeprefix(start)]
    return [
        Folder(top.path, sum(one.files for one in parts), sum(one.bytes for one in parts))
        for top in found
        for parts in [[one for one in inside if f"{one.path}/".startswith(f"{top.path}/")]]
    ]
