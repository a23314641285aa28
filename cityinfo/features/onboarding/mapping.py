"""The same rows as rows of another city: other identities, other addresses of files, nothing that leads back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cityinfo.features import content
from cityinfo.features.content import CURRENT, FORMER, RESERVED, RETURNING, SourceVersion
from cityinfo.kernel import html

from . import markup
from .catalogue import ALWAYS_PUBLIC
from .choosing import Selection
from .tables import Row, Shape, shapes

Ids = dict[str, dict[int, int]]


class Mapped:
    """Rows of the target by table, in the order in which they can be written, and what its entries came from."""

    def __init__(self, selection: Selection, target_id: int, new_ids: Callable[[int], Sequence[int]]) -> None:
        self.selection, self.target_id = selection, target_id
        self.ids: Ids = {
            space: dict(zip(sorted(kept), new_ids(len(kept)), strict=True)) for space, kept in selection.kept.items()
        }  # in the same order: lists by identity stay as they are
        self._files = Files(selection, target_id)
        self._based_on = based_on(selection)
        self.rows: dict[str, list[Row]] = {}
        for shape in shapes().values():
            self.rows[shape.name] = [self._row(shape, row) for row in _prepared(selection, shape)]

    def origins(self) -> list[Row]:
        """Where every entry came from."""
        source, entries = self.selection.snapshot.slug, self.ids["entry"]
        own = {"tenant_id": self.target_id, "source": source}
        return [{**own, "entry_id": new, "source_entry_id": old} for old, new in entries.items()]

    def text_origins(self) -> list[Row]:
        """Which version every text came from: what readers saw of it, else what editors did."""
        digests = {row["id"]: row["digest"] for row in self.selection.rows["version"]}
        texts = (row for row in self.selection.snapshot.rows["text"] if row["id"] in self.ids["text"])
        came_from = ((text, text["public_version_id"] or text["current_version_id"]) for text in texts)
        return [
            {
                "tenant_id": self.target_id,
                "entry_id": self.ids["entry"][text["entry_id"]],
                "language": text["language"],
                "version_id": self.ids["version"][version_id],
                "source_version_id": version_id,
                "source_digest": digests[version_id],
            }
            for text, version_id in came_from
            if version_id is not None
        ]

    def theme(self) -> dict[str, Any]:
        """How the city looks, with its own copy of the logo."""
        theme = self.selection.snapshot.theme
        logo = dict(theme.logo) if theme.logo else None
        if logo is not None:
            logo["id"] = self.ids["entry"].get(logo["id"])
            logo["url"] = self._files.written(logo["url"])
        return {"light": theme.light, "dark": theme.dark, "logo": logo if logo and logo["id"] else None}

    def copies(self) -> list[tuple[str, str, str]]:
        """Bytes that are needed here: the key there, the key here, and what they are."""
        found: dict[str, tuple[str, str, str]] = {}
        for row in self.selection.rows["media_file"]:
            smaller = ((one["key"], one["type"]) for one in row["renditions"].get("items", ()))
            for key, mime in ((row["key"], row["type"]), *smaller):
                found[key] = (key, self._files.written(key), mime)
        return list(found.values())

    def _row(self, shape: Shape, row: Row) -> Row:
        row = {**row, "tenant_id": self.target_id}
        if shape.own:
            row["id"] = self.ids[shape.name][row["id"]]
        if shape.name == "version":
            row["based_on_id"] = self._based_on(row)
        for column, space in shape.keys.items():
            if row[column] is not None:
                row[column] = self.ids[space][row[column]]
        for column in shape.line.files:
            row[column] = self._files.anywhere(row[column])
        for column in shape.line.markup:
            row[column] = self._markup(row[column])
        if shape.name == "version" and row["content"] != "":
            row["digest"] = self._digest(row)
        return row

    def _markup(self, words: str) -> str:
        words = markup.rewritten(words, self.ids["entry"], self.selection.languages)
        return self._files.moved(words)

    def _digest(self, row: Row) -> str:
        named = any(mark in row["content"] for mark in ("entry", "media", "<a>"))
        return html.digest(row["title"], row["content"]) if named else row["digest"]


class Files:
    """Addresses and keys of files, which begin with the number of the city they belong to."""

    def __init__(self, selection: Selection, target_id: int) -> None:
        source = selection.snapshot.tenant_id
        self._source = f"{source}/"
        self._target = str(target_id)
        self._key = re.compile(rf"(?<![0-9a-z]){source}(?=/[0-9a-f]{{32}})")
        files = selection.rows["media_file"]
        self._known = {row["key"].rpartition("/")[2].partition(".")[0] for row in files}
        self._named = re.compile(rf"(?<![0-9a-z]){source}/([0-9a-f]{{32}})")

    def moved(self, words: str) -> str:
        """The words with every key as it would be here."""
        return self._key.sub(self._target, words) if self._source in words else words

    def written(self, key: str) -> str:
        """The key or address here; nothing for a file that stays behind."""
        found = self._named.search(key)
        if found is not None and found[1] not in self._known:
            return ""
        return self.moved(key)

    def anywhere(self, value: Any) -> Any:
        """The same inside of what a column holds."""
        if isinstance(value, str):
            return self.written(value)
        if isinstance(value, dict):
            return {name: self.anywhere(one) for name, one in value.items()}
        return [self.anywhere(one) for one in value] if isinstance(value, list) else value


def based_on(selection: Selection) -> Callable[[Row], int | None]:
    """What a version is based on where only the newest versions are left: its state against its source stays.

    A base that stays behind becomes the source's public version while the translation is as good as made from it, and
    nothing once it is outdated, which then it remains.
    """
    snapshot = selection.snapshot
    texts = {row["id"]: row for row in snapshot.rows["text"]}
    by_place = {(row["entry_id"], row["language"]): row for row in texts.values()}
    versions = {row["id"]: row for row in selection.rows["version"]}

    def mapped(row: Row) -> int | None:
        base: int | None = row["based_on_id"]
        if base is None or base in versions:
            return base
        text = texts[row["text_id"]]
        source = by_place.get((text["entry_id"], snapshot.sources[text["language"]] or ""))
        shown_of, number, digest = snapshot.bases[base]
        public = versions.get((source["public_version_id"] or source["current_version_id"]) if source else None)
        if source is None or public is None or shown_of != source["id"]:
            return None
        newest, last = SourceVersion(public["number"], public["digest"]), snapshot.last_major.get(shown_of, 0)
        outdated = content.is_outdated(SourceVersion(number, digest), newest, last_major=last)
        return None if outdated else int(public["id"])

    return mapped


def _prepared(selection: Selection, shape: Shape) -> Iterator[Row]:
    rows = selection.rows[shape.name]
    if shape.name == "address" and selection.choices.drafts:
        yield from _reserved(rows, selection.kind_of)
    else:
        yield from rows


def _reserved(rows: list[Row], kind_of: Mapping[int, str]) -> Iterator[Row]:
    """Addresses of what is not public yet: one for each text, that of its newest words."""
    best: dict[tuple[int, str], Row] = {}
    order = {RESERVED: 0, RETURNING: 0, CURRENT: 1}
    for row in rows:
        if kind_of[row["entry_id"]] in ALWAYS_PUBLIC:
            yield row
        elif row["role"] != FORMER:
            key = (row["entry_id"], row["language"])
            if key not in best or order[row["role"]] < order[best[key]["role"]]:
                best[key] = row
    yield from ({**row, "role": RESERVED} for row in best.values())
