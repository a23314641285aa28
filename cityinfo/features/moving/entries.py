"""Entries of the old system, made here or changed: facts first, since texts lead from one to the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from cityinfo.features import archives, content, imports, locations, media, offers, pages
from cityinfo.features.archives import KINDS, Ground, New
from cityinfo.features.media import Library
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import Run

from .links import Key, Server
from .matching import Known
from .models import MovedEntry
from .portions import each
from .types import CHANGED, GONE, LEFT, NEW, SAME, Found, Report, Wanted, Watch

_NEEDED = {"categories", "starts", "ends", "location", "all_day"}  # facts without which there is no entry of its kind
_BESIDE = {"approved"}  # what is decided once all words are there


@dataclass(slots=True, kw_only=True)
class Entries:
    """One pass over all entries. `ids` are those that are here; `left` those that nobody touches in this run."""

    run: Run
    number: int
    library: Library
    server: Server
    wanted: Wanted
    known: Known
    files: Mapping[str, int]
    categories: Mapping[str, str]
    report: Report
    aliases: frozenset[str] = frozenset()
    left: set[Key] = field(default_factory=set)
    outcomes: dict[Key, str] = field(default_factory=dict)
    ids: dict[Key, int] = field(init=False)

    def __post_init__(self) -> None:
        self.ids = dict(self.known.ids)

    def bring(self, watch: Watch) -> None:
        with self.run.unit_of_work() as db:
            self.aliases = frozenset(offers.switched_on(db))
        kinds = [kind for kind in KINDS if any(one.kind == kind for one in self.wanted.found)]
        for number, kind in enumerate(kinds):
            some = [one for one in self.wanted.found if one.kind == kind]
            todo = [one for one in some if self._is_to_do(one)]
            watched = partial(_part, watch, number, len(kinds))
            each(self.run, todo, self._write, self._bear, watched)

    def tally(self) -> dict[str, dict[str, int]]:
        """How many entries of each kind became what."""
        found: dict[str, Counter[str]] = {}
        for one in self.wanted.found:
            outcome = self.outcomes.get((one.kind, one.key), SAME)
            found.setdefault(one.kind, Counter())[outcome] += 1
        return {kind: dict(counts) for kind, counts in found.items()}

    # What is to do

    def _is_to_do(self, one: Found) -> bool:
        key = (one.kind, one.key)
        row = self.known.rows.get(self.known.ids.get(key, 0))
        if row is None:
            return True
        if row.run == self.number and row.outcome in (NEW, CHANGED):  # this run was interrupted after it
            self.outcomes[key] = row.outcome
        if row.entry_id in self.known.archived and row.outcome != GONE:
            self._leave(one, say("It was archived here, so it stays as it is."))
            return False
        return row.outcome == GONE or row.there != self._there(one)

    def _leave(self, one: Found, why: str) -> None:
        self.left.add((one.kind, one.key))
        self.outcomes[one.kind, one.key] = LEFT
        self.report.note(one.where, why)

    def _there(self, one: Found) -> str:
        return digest(sorted(self._resolved(one).items()))

    def _resolved(self, one: Found) -> dict[str, Any]:
        """The facts with identities of here; what is not here is not named."""
        plain = dict(one.facts)
        for name, kind in KINDS[one.kind].references.items():
            if name in plain:
                plain[name] = self._identity(kind, str(plain[name]))
                if plain[name] is None:
                    del plain[name]
        if one.kind == pages.KIND:
            if "picture" in one.facts and "picture" not in plain:
                plain["icon"] = self.server.absolute(str(one.facts["picture"]))
            plain["offers"] = [alias for alias in plain.get("offers", ()) if alias in self.aliases]
        if one.kind == locations.KIND:
            known = [self.categories[number] for number in plain.get("categories", ()) if number in self.categories]
            plain["categories"] = known or [locations.OTHER]
        return {name: value for name, value in plain.items() if value not in ("", [])}

    def _identity(self, kind: str, named: str) -> int | None:
        if kind == media.KIND:
            return self.files.get(self.server.file(named, shown=True))
        return self.ids.get((kind, named))

    def _facts(self, one: Found) -> Any:
        kind = KINDS[one.kind]
        plain = self._resolved(one)
        named = {name: str(plain[name]) for name in kind.references if name in plain}
        return archives.from_plain(kind.facts, {**plain, **named}, dict.fromkeys(kind.references, int))

    # Writing

    def _write(self, db: Work, one: Found, *, without: frozenset[str] = frozenset()) -> None:
        ground = Ground(db=db, actor=imports.IMPORTER, library=self.library, kept={})
        facts = self._facts(replace(one, facts={name: said for name, said in one.facts.items() if name not in without}))
        key = (one.kind, one.key)
        entry_id = self.known.ids.get(key)  # what a unit of work made that was not kept is not there
        row = db.get(MovedEntry, (db.tenant_id, entry_id)) if entry_id else None
        if entry_id is None:
            entry_id, outcome = self._create(ground, one, facts), NEW
        else:
            outcome = self._change(ground, one, facts, row, entry_id)
        if outcome == LEFT:
            return
        row = row or MovedEntry(entry_id=entry_id, kind=one.kind, key=one.key)
        row.there, row.here = self._there(one), state_here(db, one.kind, entry_id)
        row.run, row.outcome = self.number, outcome
        db.add(row)
        db.flush()
        self.outcomes[key] = outcome

    def _create(self, ground: Ground, one: Found, facts: Any) -> int:
        under = self.ids.get((one.kind, one.under)) if one.under else None
        number = one.id_v3 if (one.kind, one.id_v3) not in self.known.numbers else None
        made = KINDS[one.kind].create(ground, New(facts=facts, under=under, id_v3=number))
        self.ids[one.kind, one.key] = made
        return made

    def _change(self, ground: Ground, one: Found, facts: Any, row: MovedEntry | None, entry_id: int) -> str:
        kind, db = KINDS[one.kind], ground.db
        known = db.get(content.Entry, (db.tenant_id, entry_id))
        if known is None:
            self._leave(one, say("It was deleted here, so it does not come again."))
            return LEFT
        if row is not None and row.outcome == GONE and known.archived_at is not None:
            kind.put_away(ground, archives.as_it_is(db, entry_id, facts), archived=False)
        elif row is not None and row.here != state_here(db, one.kind, entry_id):
            self.outcomes[one.kind, one.key] = LEFT
            self.report.note(one.where, say("Its facts were changed here and there; what is here stays."))
            return LEFT
        elif row is None and self._differs(one, facts, kind.read(db, entry_id)):
            self.outcomes[one.kind, one.key] = LEFT
            self.report.note(one.where, say("It stood here before with other facts; what is here stays."))
            return LEFT
        if archives.to_plain(kind.read(db, entry_id), {}) != archives.to_plain(facts, {}):
            kind.change(ground, archives.as_it_is(db, entry_id, facts))
        return CHANGED if row is not None else SAME

    def _differs(self, one: Found, facts: Any, here: Any) -> bool:
        """Whether what stands here says anything else; an icon of there that became a picture of here does not."""
        wanted, known = archives.to_plain(facts, {}), archives.to_plain(here, {})
        if known.get("icon") == one.facts.get("picture"):
            known.pop("icon", None)
        return any(wanted.get(name) != value for name, value in known.items() if name not in _BESIDE)

    # What is refused

    def _bear(self, one: Found, problem: Problem) -> None:
        """Try again without what may be wrong, rather than lose all of it."""
        key = (one.kind, one.key)
        spare = [name for name in one.facts if name not in _NEEDED]
        for without in (*(frozenset({name}) for name in spare), frozenset(spare)):
            try:
                with self.run.unit_of_work(write=True) as db:
                    self._write(db, one, without=without)
            except Problem:
                continue
            names = ", ".join(sorted(without))
            self.report.note(one.where, say("“{names}” did not come: {why}", names=names, why=problem.message))
            return
        if key not in self.known.ids:
            self.ids.pop(key, None)
        self.left.add(key)
        self.outcomes[key] = LEFT
        self.report.refuse(one.where, problem)


def state_here(db: Work, kind: str, entry_id: int) -> str:
    """The digest of what is said here of an entry now."""
    plain = archives.to_plain(KINDS[kind].read(db, entry_id), {})
    return digest(sorted((name, value) for name, value in plain.items() if name not in _BESIDE))


def _part(watch: Watch, number: int, of: int, done: float) -> None:
    watch((number + done) / of)


def children_of(found: Sequence[Found]) -> dict[str, list[Found]]:
    """Pages below each page, by its key, in their order; those of the first level below an empty one."""
    below: dict[str, list[Found]] = {}
    for one in found:
        if one.kind == pages.KIND:
            below.setdefault(one.under, []).append(one)
    return below
