"""An archive as a folder of files that people read and compare: written in a stable form, and read with every check."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import tomli_w

from cityinfo.features import content, events, pages
from cityinfo.features.tenants import LanguageChoice, TenantDraft
from cityinfo.kernel import html
from cityinfo.kernel.errors import Invalid, naming
from cityinfo.kernel.i18n import say

from . import naming as names
from .kinds import FOLDERS, KINDS
from .plain import from_plain, to_plain
from .requested import REQUESTED
from .settings import PLACEHOLDERS
from .types import Archive, Item, Note, Text, Words

TENANT, SETTINGS, FACTS, FILES, DRAFT = "tenant.toml", "settings.toml", "facts.toml", "files", ".draft"
# Parts of what was decided, or was asked for, that have a file of their own.
OWN_FILES = {PLACEHOLDERS: FACTS, **{name: f"{name}.toml" for name in REQUESTED}}
_FENCE = "+++\n"
_MOST_FILE = 10_000_000  # bytes of words in one file
_STEP = 10  # between the positions of siblings, so that a person can put one between
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
_VERSION = re.compile(r"([a-z0-9-]+)\.v[0-9]{4,6}")
_BESIDE = ("position", "archived", "id_v3")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What stands between the fences of a text."""

    title: str
    slug: str = ""
    changed: datetime | None = None
    based_on: str = ""
    machine: bool = False
    minor: bool = False
    keywords: Sequence[str] = ()
    former: Sequence[str] = ()
    id_v3: int | None = None
    publish_at: datetime | None = None
    offline_at: datetime | None = None
    author: str = ""
    saved: datetime | None = None
    after_public: bool = False


# Writing


def files_of(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Every file with its path below the archive's folder; the same archive gives the same bytes."""
    yield TENANT, _toml(_tenant(archive))
    decided = dict(archive.settings)
    apart = {file: decided.pop(name) for name, file in OWN_FILES.items() if name in decided}
    if decided:
        yield SETTINGS, _toml(decided)
    for file, said in apart.items():
        yield file, _toml(said)
    positions = _positions(archive)
    wanted: dict[str, None] = {}
    for item in archive.items:
        folder = f"{KINDS[item.kind].folder}/{item.name}"
        yield f"{folder}/{KINDS[item.kind].file}", _toml(_facts(item, positions))
        for language, text in item.texts.items():
            yield from _text_files(f"{folder}/{language}", text)
        if "file" in item.facts:
            wanted[item.facts["file"]] = None
    for name in sorted(wanted):
        yield f"{FILES}/{name}", archive.bytes_of(name)


def _tenant(archive: Archive) -> dict[str, Any]:
    said = {"slug": archive.tenant.slug, **to_plain(archive.tenant, {})}
    languages = [
        {
            key: value
            for key, value in asdict(one).items()
            if value is not None and (key in ("slug", "source") or not value)
        }
        for one in archive.languages
    ]
    return {
        **said,
        "features": {key: value for key, value in archive.tenant.features.items() if value},
        "languages": languages,
    }


def _positions(archive: Archive) -> dict[str, int]:
    counted: dict[str, int] = {}
    found = {}
    for item in archive.of_kind(pages.KIND):
        counted[item.parent] = found[item.name] = counted.get(item.parent, 0) + _STEP
    return found


def _facts(item: Item, positions: Mapping[str, int]) -> dict[str, Any]:
    said: dict[str, Any] = {"position": positions[item.name]} if item.kind == pages.KIND else {}
    said |= {"archived": True} if item.archived else {}
    said |= {"id_v3": item.id_v3} if item.id_v3 is not None else {}
    return {**said, **item.facts}


def _text_files(path: str, text: Text) -> Iterator[tuple[str, bytes]]:
    beside: dict[str, Any] = {
        "keywords": list(text.keywords),
        "former": list(text.former),
        "id_v3": text.id_v3,
        "publish_at": text.publish_at,
        "offline_at": text.offline_at,
    }
    if text.public is not None:
        yield f"{path}.html", _text(text.public, slug=text.slug, **beside)
        beside = {}
    if text.draft is not None:
        yield f"{path}{DRAFT}.html", _text(text.draft, slug=text.new_slug, **beside)
    versions = [*((one, False) for one in text.earlier), *((one, True) for one in text.between)]
    for number, (words, after_public) in enumerate(versions, start=1):
        yield f"{path}.v{number:04}.html", _text(words, after_public=after_public)


def _text(words: Words, **beside: Any) -> bytes:
    head = _Head(
        title=words.title,
        changed=words.changed,
        based_on=words.based_on,
        machine=words.by_machine,
        minor=words.minor,
        author=words.author,
        saved=words.saved,
        **beside,
    )
    return f"{_FENCE}{tomli_w.dumps(to_plain(head, {}))}{_FENCE}{words.content}\n".encode()


def _toml(said: Mapping[str, Any]) -> bytes:
    return tomli_w.dumps(dict(said)).encode()


# Reading


def read_folder(folder: Path) -> Archive:
    """Read and check all of it; `Invalid` names the file that cannot be used. The folder's name stands for a `slug`."""
    said = _table(folder, TENANT)
    languages = said.pop("languages", None)
    with naming(str(folder / TENANT)):
        if not isinstance(languages, list) or not languages:
            raise Invalid("archive.languages", "List at least one of [[languages]].")
        tenant = from_plain(TenantDraft, {"slug": folder.resolve().name, **said}, {})
        choices = [from_plain(LanguageChoice, one, {}) for one in languages]
    settings = _table(folder, SETTINGS) if (folder / SETTINGS).exists() else {}
    for name, file in OWN_FILES.items():
        if (folder / file).exists():
            settings[name] = _table(folder, file)
    notes: list[Note] = []
    items = [item for kind in FOLDERS for item in _Reader(folder, kind, notes).items()]
    _check_folders(folder)
    _check_languages(items, {choice.slug for choice in choices})
    return Archive(
        tenant=tenant,
        languages=choices,
        items=items,
        settings=settings,
        bytes_of=lambda name: _bytes(folder, name),
        notes=notes,
    )


def _check_languages(items: Sequence[Item], known: Collection[str]) -> None:
    for text, language in ((text, language) for item in items for language, text in item.texts.items()):
        if language not in known:
            sentence = say(
                "{file}: “{language}” is not among the languages of tenant.toml.", file=text.where, language=language
            )
            raise Invalid("archive.language", sentence)


class _Reader:
    """The entries of one kind below an archive's folder."""

    def __init__(self, folder: Path, kind_folder: str, notes: list[Note]) -> None:
        self._folder, self._top, self._notes = folder, folder / kind_folder, notes
        self._kind = FOLDERS[kind_folder].kind

    def items(self) -> Iterator[Item]:
        if self._top.exists():
            yield from self._below(self._top, self._kind, "")

    def _below(self, folder: Path, kind: str, parent: str) -> Iterator[Item]:
        found = [(self._item(child, kind, parent), child) for child in _folders(folder)]
        for (item, _), child in _ordered(found, kind):
            yield item
            below = {pages.KIND: pages.KIND, events.KIND: events.OCCURRENCE}.get(kind)
            if below:
                yield from self._below(child, below, item.name)
            elif any(_folders(child)):
                raise Invalid("archive.folder", say("{folder}: nothing stands below this.", folder=child))

    def _item(self, folder: Path, kind: str, parent: str) -> tuple[Item, int]:
        with naming(str(folder)):
            name = f"{parent}/{names.check(folder.name)}" if parent else names.check(folder.name)
        file = KINDS[kind].file
        said = _table(self._folder, str((folder / file).relative_to(self._folder)))
        beside = {key: said.pop(key) for key in _BESIDE if key in said}
        position = _position(beside.get("position"), kind, folder / file)
        item = Item(
            kind=kind,
            name=name,
            facts=said,
            texts=dict(_texts(folder, self._notes)),
            archived=beside.get("archived") is True,
            id_v3=beside.get("id_v3"),
            where=str(folder / file),
        )
        return item, position


def _ordered(found: Sequence[tuple[tuple[Item, int], Path]], kind: str) -> list[tuple[tuple[Item, int], Path]]:
    if kind != pages.KIND:
        return list(found)
    taken: dict[int, Path] = {}
    for (_, position), folder in found:
        if taken.setdefault(position, folder) != folder:
            sentence = say(
                "{child}: {positions} has the position {position} as well.",
                child=folder,
                positions=taken[position],
                position=position,
            )
            raise Invalid("archive.position", sentence)
    return sorted(found, key=lambda one: one[0][1])


def _position(value: Any, kind: str, file: Path) -> int:
    if kind != pages.KIND:
        return 0
    with naming(str(file)):
        if value is None:
            raise Invalid("archive.missing", say("“{key}” is missing.", key="position"))
        if not isinstance(value, int) or isinstance(value, bool):
            raise Invalid("archive.type", say("“{key}” has the wrong type.", key="position"))
        return value


def _texts(folder: Path, notes: list[Note]) -> Iterator[tuple[str, Text]]:
    all_files = {file.name.removesuffix(".html"): file for file in sorted(folder.glob("*.html"))}
    files = {name: file for name, file in all_files.items() if not _VERSION.fullmatch(name)}
    for language in sorted({name.removesuffix(DRAFT) for name in files}):
        public = _read_text(files[language], notes) if language in files else None
        draft = _read_text(files[f"{language}{DRAFT}"], notes) if f"{language}{DRAFT}" in files else None
        head = (public or draft or (None, None))[0]
        if head is None:
            continue
        versions = [_read_text(file, notes) for name, file in all_files.items() if _is_version(name, language)]
        yield (
            language,
            Text(
                public=public[1] if public else None,
                draft=draft[1] if draft else None,
                slug=public[0].slug if public else "",
                new_slug=draft[0].slug if draft else "",
                former=head.former,
                keywords=head.keywords,
                id_v3=head.id_v3,
                publish_at=head.publish_at,
                offline_at=head.offline_at,
                where=str(files.get(language) or files[f"{language}{DRAFT}"]),
                earlier=[words for head, words in versions if not head.after_public],
                between=[words for head, words in versions if head.after_public],
            ),
        )


def _is_version(name: str, language: str) -> bool:
    found = _VERSION.fullmatch(name)
    return found is not None and found[1] == language


def _read_text(file: Path, notes: list[Note]) -> tuple[_Head, Words]:
    with naming(str(file)):
        start, fence, rest = _read(file).partition(_FENCE)
        above, end, body = f"\n{rest}".partition(f"\n{_FENCE}")
        if start or not fence or not end:
            raise Invalid("archive.front_matter", "Title and slug must stand between two +++ lines at the beginning.")
        head: _Head = from_plain(_Head, _parsed(above), {})
        content.check_title(head.title)
        if head.slug:
            content.check_slug(head.slug)
    clean = html.sanitise(body.removesuffix("\n"))
    for what, count in html.removed(body, clean).items():
        notes.append(Note(where=str(file), what=f"{what} is not kept, {count} times"))
    words = Words(
        title=head.title,
        content=clean,
        changed=head.changed,
        based_on=head.based_on,
        by_machine=head.machine,
        minor=head.minor,
        author=head.author,
        saved=head.saved,
    )
    return head, words


def _folders(folder: Path) -> list[Path]:
    """The folders in a folder, by name; nothing may lead elsewhere."""
    found = sorted(folder.iterdir())
    for one in found:
        if one.is_symlink():
            raise Invalid(
                "archive.link", say("{file}: links to other places are not followed; put a copy there.", file=one)
            )
    return [one for one in found if one.is_dir()]


def _check_folders(folder: Path) -> None:
    known = {*FOLDERS, FILES}
    for one in _folders(folder):
        if one.name not in known and not one.name.startswith("."):
            raise Invalid(
                "archive.folder",
                say(
                    "{folder}: no kind of content is kept there; choose of: {choices}.",
                    folder=one,
                    choices=", ".join(sorted(known)),
                ),
            )


def _bytes(folder: Path, name: str) -> bytes:
    file = folder / FILES / name
    with naming(str(folder)):
        if not _FILE.fullmatch(name) or file.is_symlink() or not file.is_file():
            raise Invalid("archive.file", say("There is no file “{name}” in files/.", name=name[:100]))
    return file.read_bytes()


def _table(folder: Path, name: str) -> dict[str, Any]:
    with naming(str(folder / name)):
        return _parsed(_read(folder / name))


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("archive.toml", say("This is no TOML: {error}.", error=error)) from None


def _read(file: Path) -> str:
    try:
        if file.is_symlink():
            raise Invalid("archive.link", "Links to other places are not followed; put a copy there.")
        if file.stat().st_size > _MOST_FILE:
            raise Invalid("archive.too_large", say("The file is larger than {most} bytes.", most=_MOST_FILE))
        return file.read_text("utf-8")
    except OSError as error:
        raise Invalid("archive.file", say("{strerror}.", strerror=error.strerror)) from None
    except UnicodeDecodeError:
        raise Invalid("archive.encoding", "The file is not UTF-8.") from None
