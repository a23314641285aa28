"""An Integreat v3 `pages` answer, read and checked. Pure: no session, no clock, no file.

Whatever is wrong becomes one sentence that names file and page. In this format `id` is a text's id and `parent.id` that
of an entry, in a number space of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import orjson

from cityinfo.features import content, pages, tenants
from cityinfo.kernel.errors import Invalid, naming
from cityinfo.kernel.i18n import say

MOST_FILE = 200_000_000  # bytes of one file or answer
MOST_ID = 2**53  # JavaScript keeps smaller integers exact
_KINDS = {
    bool: "true or false",
    dict: "an object",
    float: "a decimal number",
    int: "a whole number",
    list: "a list",
    str: "text",
    type(None): "empty",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """A page in one language as the other system has it; `segments` are those of its path below the language."""

    file: str
    where: str
    language: str
    region: str
    id: int
    path: str
    segments: tuple[str, ...]
    slug: str
    title: str
    content: str
    order: int
    changed_at: datetime
    parent_path: str | None
    parent_id: int | None
    counterparts: Mapping[str, int]
    other_paths: frozenset[str]
    thumbnail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """All pages of one language; `host` is the one they were fetched from, if they were."""

    name: str
    language: str
    host: str
    pages: Sequence[SourcePage]


def parse(raw: bytes, *, name: str, language: str, host: str = "") -> Dump:
    """Read and check one `pages` answer; `name` stands for it in every sentence."""
    if language not in {known["slug"] for known in tenants.registry()}:
        raise Invalid(
            "import.language",
            say("{name}: “{language}” is not in the registry of languages.", name=name, language=language),
        )
    items = _items(raw, name)
    found = [_page(item, name, number, language) for number, item in enumerate(items, start=1)]
    _check_once(found)
    _check_tree(found)
    return Dump(name=name, language=language, host=host.lower(), pages=found)


def _items(raw: bytes, name: str) -> list[Any]:
    if len(raw) > MOST_FILE:
        raise Invalid(
            "import.too_large",
            say("{name}: the file has {number} bytes; {most} is the most.", name=name, number=len(raw), most=MOST_FILE),
        )
    try:
        items = orjson.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid(
            "import.encoding",
            say("{name}: byte {start} is not UTF-8; save the file as UTF-8.", name=name, start=error.start),
        ) from None
    except orjson.JSONDecodeError as error:
        raise Invalid(
            "import.json", say("{name}: the file is no complete JSON: {error}.", name=name, error=error)
        ) from None
    if not isinstance(items, list):
        raise Invalid(
            "import.type", say("{name}: the file holds {items}, not a list of pages.", name=name, items=_kind(items))
        )
    if not items:
        raise Invalid("import.empty", say("{name}: the list of pages is empty.", name=name))
    return items


def _page(item: object, name: str, number: int, language: str) -> SourcePage:
    fields = _Fields.of(item, f"{name}, page {number}")
    path = fields.text("path")
    fields = _Fields(fields.values, f"{name}, page {path}")
    region, segments = _segments(path, language, fields.where)
    parent_path, parent_id = _parent(fields)
    with naming(fields.where):
        slug, title = content.check_slug(segments[-1]), content.check_title(fields.text("title"))
    counterparts = _counterparts(fields, language)
    return SourcePage(
        file=name,
        where=fields.where,
        language=language,
        region=region,
        id=fields.identity("id"),
        path=path,
        segments=segments,
        slug=slug,
        title=title,
        content=_content(fields),
        order=fields.number("order"),
        changed_at=fields.moment("last_updated"),
        parent_path=parent_path,
        parent_id=parent_id,
        counterparts={other: one.identity("id") for other, one in counterparts.items()},
        other_paths=frozenset(normal(one.text("path")) for one in counterparts.values() if one.values.get("path")),
        thumbnail=_thumbnail(fields),
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """An object of the file, and where it stands."""

    values: Mapping[str, Any]
    where: str

    @classmethod
    def of(cls, value: object, where: str) -> _Fields:
        if not isinstance(value, dict):
            raise Invalid(
                "import.type",
                say("{where}: {value} stands where an object is needed.", where=where, value=_kind(value)),
            )
        return cls(value, where)

    def text(self, key: str) -> str:
        value: str = self._typed(key, str)
        if "\0" in value:
            raise Invalid(
                "import.text",
                say("{where}: “{key}” holds a NUL character, which no text may.", where=self.where, key=key),
            )
        return value

    def number(self, key: str) -> int:
        value: int = self._typed(key, int)
        if abs(value) >= MOST_ID:
            raise Invalid(
                "import.number",
                say("{where}: “{key}” is {value}; it must be below 2^53.", where=self.where, key=key, value=value),
            )
        return value

    def identity(self, key: str) -> int:
        value = self.number(key)
        if value <= 0:
            raise Invalid(
                "import.id",
                say("{where}: “{key}” is {value}; an id is greater than 0.", where=self.where, key=key, value=value),
            )
        return value

    def moment(self, key: str) -> datetime:
        value = self.text(key)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            example = "2024-01-17T12:10:58+01:00"
            raise Invalid(
                "import.time",
                say(
                    "{where}: “{key}” is “{value}”, not a time such as {example}.",
                    where=self.where,
                    key=key,
                    value=value[:40],
                    example=example,
                ),
            )
        return moment

    def object(self, key: str) -> _Fields:
        return _Fields(self._typed(key, dict), f"{self.where}, “{key}”")

    def _typed(self, key: str, kind: type) -> Any:
        if key not in self.values:
            raise Invalid("import.missing", say("{where}: “{key}” is missing.", where=self.where, key=key))
        value = self.values[key]
        if type(value) is not kind:
            raise Invalid(
                "import.type",
                say(
                    "{where}: “{key}” is {value}, not {kinds}.",
                    where=self.where,
                    key=key,
                    value=_kind(value),
                    kinds=_KINDS[kind],
                ),
            )
        return value


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "something else")


def _segments(path: str, language: str, where: str) -> tuple[str, tuple[str, ...]]:
    parts = normal(path).removeprefix("/").split("/")
    if not path.startswith("/") or len(parts) < 3 or "" in parts:
        raise Invalid(
            "import.path",
            say(
                "{where}: “path” must read /REGION/{language}/… down to the page's own segment.",
                where=where,
                language=language,
            ),
        )
    region, found, *segments = parts
    if found != language:
        says = say(
            "“path” belongs to the language “{found}”, the file is for “{language}”.", found=found, language=language
        )
        raise Invalid("import.language", say("{where}: {says}", where=where, says=says))
    if len(segments) == 1 and segments[0] in pages.RESERVED_SLUGS:
        says = say("“{slug}” is reserved on the first level; rename the page there.", slug=segments[0])
        raise Invalid("import.reserved", say("{where}: {says}", where=where, says=says))
    return region, tuple(segments)


def normal(path: str) -> str:
    """The form in which paths are compared, the same as in readers' apps."""
    return unquote(path).lower().rstrip("/")


def _parent(fields: _Fields) -> tuple[str | None, int | None]:
    if "parent" in fields.values and fields.values["parent"] is None:
        return None, None
    parent = fields.object("parent")
    known = parent.values.get("id") not in (None, 0)
    parent_id = parent.identity("id") if known else None
    if parent.values.get("path") is None and not known:
        return None, None
    return normal(parent.text("path")) or None, parent_id


def _counterparts(fields: _Fields, language: str) -> dict[str, _Fields]:
    others = fields.object("available_languages")
    return {other: others.object(other) for other in others.values if other != language}


def _content(fields: _Fields) -> str:
    value = fields.text("content")
    if len(value) > content.MOST_CONTENT:
        says = say(
            "the text has {number} characters; {most} is the most.", number=len(value), most=content.MOST_CONTENT
        )
        raise Invalid("import.too_long", say("{where}: {says}", where=fields.where, says=says))
    return value


def _thumbnail(fields: _Fields) -> str:
    if fields.values.get("thumbnail") is None:
        return ""
    address = fields.text("thumbnail")
    if address and not address.startswith(("https://", "http://")):
        raise Invalid(
            "import.thumbnail",
            say("{where}: “thumbnail” is “{address}”, not a web address.", where=fields.where, address=address[:60]),
        )
    return address


def _path_twice(page: SourcePage, other: SourcePage) -> Invalid:
    ids = f"{other.id}, {page.id}"
    return Invalid("import.path_twice", say("{where}: two pages have this path, ids {ids}.", where=page.where, ids=ids))


def _slug_twice(page: SourcePage, other: SourcePage) -> Invalid:
    sentence = say(
        "{where}: the last segment “{slug}” is also that of {path}; each leads to one page only.",
        **_beside(page, other),
        slug=page.slug,
    )
    return Invalid("import.slug_twice", sentence)


def _beside(page: SourcePage, other: SourcePage) -> dict[str, str]:
    return {"where": page.where, "path": other.path}


def _check_once(found: Sequence[SourcePage]) -> None:
    """Ids, paths and last segments name one page each."""
    ids: dict[int, SourcePage] = {}
    paths: dict[tuple[str, ...], SourcePage] = {}
    slugs: dict[str, SourcePage] = {}
    for page in found:
        if page.segments in paths:
            raise _path_twice(page, paths[page.segments])
        if page.id in ids:
            sentence = say("{where}: the id {id} is also that of {path}.", **_beside(page, ids[page.id]), id=page.id)
            raise Invalid("import.id_twice", sentence)
        if page.slug in slugs:
            raise _slug_twice(page, slugs[page.slug])
        if page.region != found[0].region:
            raise Invalid(
                "import.region",
                say("{where}: the path belongs to another region than {path}.", where=page.where, path=found[0].path),
            )
        ids[page.id], paths[page.segments], slugs[page.slug] = page, page, page


def _check_tree(found: Sequence[SourcePage]) -> None:
    """Parents are in the file, nothing goes round in a circle, and a path lies below that of its parent."""
    by_path = {normal(page.path): page for page in found}
    for page in found:
        if page.parent_path is not None and page.parent_path not in by_path:
            raise Invalid(
                "import.parent",
                say(
                    "{where}: its parent {parent_path}/ is not in the file.",
                    where=page.where,
                    parent_path=page.parent_path,
                ),
            )
    for page in found:
        _check_reaches_top(page, by_path)
    for page in found:
        above = by_path[page.parent_path].segments if page.parent_path else ()
        if page.segments[:-1] != above:
            expected = by_path[page.parent_path].path if page.parent_path else f"/{page.region}/{page.language}/"
            says = say("the path does not lie directly below that of its parent, {expected}.", expected=expected)
            raise Invalid("import.parent_path", say("{where}: {says}", where=page.where, says=says))


def _check_reaches_top(page: SourcePage, by_path: Mapping[str, SourcePage]) -> None:
    seen = {normal(page.path)}
    step = page.parent_path
    while step is not None:
        if step in seen:
            raise Invalid(
                "import.cycle",
                say("{where}: its parents go round in a circle, by way of {step}/.", where=page.where, step=step),
            )
        seen.add(step)
        step = by_path[step].parent_path
