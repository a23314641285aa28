"""The entries of an archive in a tenant: which are there already, which are new, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from cityinfo.features import content, events, imprint, media, pages
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, naming
from cityinfo.kernel.i18n import say

from .doors import Ground, New, as_it_is
from .kinds import KINDS
from .plain import from_plain, is_relative, to_plain
from .types import Archive, Counts, Item, Report

Key = tuple[str, str]  # kind and name


class Entries:
    """One pass over the entries of an archive. `ids` are those that have been found or made so far."""

    def __init__(self, ground: Ground, archive: Archive) -> None:
        self._ground, self._db = ground, ground.db
        self._items = {(item.kind, item.name): item for item in sorted(archive.items, key=_place)}
        self._standing = _Standing(ground.db)
        self.ids: dict[Key, int] = {}
        for key, item in self._items.items():
            found = self._found(item)
            if found is not None:
                self.ids[key] = found
        self._check_once()

    def id_of(self, kind: str, name: str) -> int:
        """The entry of this name; `Invalid` when the archive has none."""
        if (kind, name) not in self._items:
            raise Invalid("archive.entry", say("There is no “{name}” in the archive.", name=f"{kind}/{name}"))
        return self.ids[kind, name]

    def bring(self, report: Report) -> None:
        """Make what is new, then say of all what the archive says of them, and put pages in their order."""
        new = set[Key]()
        before = {key: self._state(entry_id) for key, entry_id in self.ids.items()}
        for key, item in self._items.items():
            with naming(item.where):
                if key not in self.ids:
                    self.ids[key] = self._make(item)
                    new.add(key)
                    if item.archived and item.kind != pages.KIND:  # those show texts of each other
                        self._put_away([key])  # before anything names it, which would keep it from being archived
                        self._db.deliver()
        for item in self._items.values():
            with naming(item.where):
                self._say(item)
        self._arrange()
        for key in self._items:
            counts = report.entries.setdefault(key[0], Counts())
            counts.count(is_new=key in new, is_changed=self._state(self.ids[key]) != before.get(key))

    def release(self) -> None:
        """Do what is left to do now that all words are there."""
        for key, item in self._items.items():
            with naming(item.where):
                KINDS[item.kind].release(self._ground, as_it_is(self._db, self.ids[key], self._facts(item)))

    def put_away(self) -> None:
        """Archive what the archive has archived, and bring the rest back."""
        self._put_away(self._items)

    def _put_away(self, some: Collection[Key]) -> None:
        """What is above comes back first, and is archived last."""
        keys = sorted(some, key=lambda key: key[1].count("/"))
        back = [key for key in keys if not self._items[key].archived]
        away = [key for key in reversed(keys) if self._items[key].archived]
        for key in (*back, *away):
            item, known = self._items[key], as_it_is(self._db, self.ids[key], None)
            if self._state(known.id)[1] != item.archived:
                with naming(item.where):
                    KINDS[item.kind].put_away(self._ground, known, archived=item.archived)

    # What is there already

    def _found(self, item: Item) -> int | None:
        if item.kind == imprint.KIND:
            known = imprint.of_city(self._db)
            return known.id if known else None
        parent = None
        if item.parent:
            parent = self.ids.get((_kind_above(item.kind), item.parent))
            if parent is None:
                return None
        return self._standing.find(item, parent)

    def _check_once(self) -> None:
        taken: dict[int, Key] = {}
        for key, entry_id in self.ids.items():
            if taken.setdefault(entry_id, key) != key:
                sentence = say(
                    "{where}: by its address it is the same as {other}; give one of them another.",
                    where=self._items[key].where or key[1],
                    other=taken[entry_id][1],
                )
                raise Conflict("archive.same", sentence)

    def _state(self, entry_id: int) -> tuple[int, bool]:
        entry = content.find_entry(self._db, entry_id)
        return entry.revision, entry.archived_at is not None

    # What is said

    def _make(self, item: Item) -> int:
        """With all of its facts that name nothing which comes later."""
        under = self.id_of(_kind_above(item.kind), item.parent) if item.parent else None
        facts = self._facts(item, without_later=True)
        return KINDS[item.kind].create(self._ground, New(facts=facts, under=under, id_v3=item.id_v3))

    def _say(self, item: Item) -> None:
        kind, entry_id = KINDS[item.kind], self.ids[item.kind, item.name]
        content.set_name(self._db, entry_id, item.last_name)
        known = kind.read(self._db, entry_id)
        wanted = self._facts(item, known=known)
        if to_plain(wanted, {}) != to_plain(known, {}):
            kind.change(self._ground, as_it_is(self._db, entry_id, wanted))

    def _facts(self, item: Item, *, known: Any = None, without_later: bool = False) -> Any:
        kind = KINDS[item.kind]
        plain = dict(item.facts)
        if without_later:
            plain = {name: value for name, value in plain.items() if self._can_be_said(item.kind, name, value)}
        ids = {name: self._identify(of) for name, of in kind.references.items()}
        facts = from_plain(kind.facts, plain, ids)
        relative = [name for name, value in plain.items() if is_relative(value)]
        return facts if known is None or not relative else _with(facts, known, relative)

    def _can_be_said(self, kind: str, field: str, value: Any) -> bool:
        of = KINDS[kind].references.get(field)
        names = value if isinstance(value, list) else [value]
        return of is None or all((of, name) in self.ids or (of, name) not in self._items for name in names)

    def _identify(self, kind: str) -> Callable[[str], int]:
        return lambda name: self.id_of(kind, name)

    # The tree

    def _arrange(self) -> None:
        below: dict[str, list[int]] = {}
        for key, item in self._items.items():
            if item.kind == pages.KIND:
                below.setdefault(item.parent, []).append(self.ids[key])
        for parent, ids in below.items():
            under = self.ids[pages.KIND, parent] if parent else None
            pages.arrange(self._db, under, ids, actor=self._ground.actor)


class _Standing:
    """What stands in the tenant, to be found again by name, then by address."""

    def __init__(self, db: Work) -> None:
        entries = content.entries_of(db, KINDS)
        above = {node.id: node.parent_id for node in pages.tree(db)}
        self._names = {(one.kind, above.get(one.id), one.name): one.id for one in entries if one.name}
        self._slugs = {(row.kind, row.language, row.slug): row.entry_id for row in content.every_address(db)}
        self._occurrences = events.occurrence_ids(db)
        self._files = media.ids_by_file(db)

    def find(self, item: Item, parent: int | None) -> int | None:
        if item.kind == events.OCCURRENCE:
            return self._occurrences.get((parent or 0, _stamp(item.facts.get("at"))))
        by_name = self._names.get((item.kind, parent if item.kind == pages.KIND else None, item.last_name))
        if by_name is not None:
            return by_name
        slugs = ((item.kind, language, text.slug or text.new_slug) for language, text in item.texts.items())
        found = next((self._slugs[one] for one in slugs if one in self._slugs), None)
        file = (str(item.facts.get("file")), str(item.facts.get("name")))
        return found if found is not None or item.kind != media.KIND else self._files.get(file)


def _with(facts: Any, known: Any, names: list[str]) -> Any:
    """Moments that count from today are those of the day on which they first came."""
    return replace(facts, **{name: getattr(known, name) for name in names})


def _stamp(moment: Any) -> str:
    return moment.isoformat() if hasattr(moment, "isoformat") else ""


def _kind_above(kind: str) -> str:
    return events.KIND if kind == events.OCCURRENCE else kind


def _place(item: Item) -> int:
    return list(KINDS).index(item.kind)
