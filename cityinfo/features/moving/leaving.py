"""What is not there any more: it leaves readers' sight here too, if nobody has touched it here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from cityinfo.features import archives, content, events, imports, news, pages
from cityinfo.features.archives import KINDS, Ground
from cityinfo.features.content import Entry, Text
from cityinfo.features.media import Library
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import Run

from .entries import state_here
from .links import Key
from .models import MovedEntry, MovedText
from .portions import each
from .types import GONE, LEFT, Report, Wanted, Watch

_MANY = 5  # more than so many, and more than half of a kind, leave only when someone has looked


@dataclass(slots=True, kw_only=True)
class Leaving:
    """One pass over all that came in earlier runs."""

    run: Run
    number: int
    library: Library
    wanted: Wanted
    ids: Mapping[Key, int]
    report: Report
    entries: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)

    def go(self, watch: Watch) -> None:
        with self.run.unit_of_work() as db:
            texts, entries = self._gone(db)
        each(self.run, texts, self._hide, self._refuse_text, lambda done: watch(done / 2))
        each(self.run, entries, self._archive, self._refuse_entry, lambda done: watch((1 + done) / 2))

    def _gone(self, db: Work) -> tuple[list[MovedText], list[MovedEntry]]:
        """Texts of entries that are still there, and entries of which nothing is; those below first."""
        seen = {self.ids[one.kind, one.key] for one in self.wanted.found if (one.kind, one.key) in self.ids}
        said = {
            (self.ids[one.kind, one.key], language)
            for one in self.wanted.found
            if (one.kind, one.key) in self.ids
            for language in one.texts
        }
        rows = db.scalars(select(MovedText)).all()
        kept = {row.entry_id for row in rows if (row.kind, row.source) in self.wanted.kept}
        untold = {row.entry_id for row in rows if (row.kind, row.language) not in self.wanted.told}
        standing = {one.id: one for one in db.scalars(select(Entry)) if one.archived_at is None}
        entries = [
            row
            for row in db.scalars(select(MovedEntry).order_by(MovedEntry.entry_id.desc()))
            if row.entry_id in standing.keys() - seen - kept - untold and row.outcome != GONE
        ]
        entries = self._few(entries, Counter(row.kind for row in db.scalars(select(MovedEntry))))
        texts = [
            row
            for row in rows
            if row.entry_id in seen - kept and (row.entry_id, row.language) not in said and row.outcome != GONE
        ]
        spoken = [row for row in texts if (row.kind, row.language) in self.wanted.told]
        return spoken, [row for row in entries if not self._passed(db, row)]

    def _few(self, entries: Sequence[MovedEntry], all_of: Mapping[str, int]) -> list[MovedEntry]:
        """A server that suddenly knows next to nothing is broken rather than tidy."""
        counts = Counter(row.kind for row in entries)
        many = {kind for kind, number in counts.items() if number > _MANY and 2 * number > all_of[kind]}
        for kind in sorted(many):
            self.report.note(
                kind, say("{number} of these are gone there at once; they stay here.", number=counts[kind])
            )
        return [row for row in entries if row.kind not in many]

    def _passed(self, db: Work, row: MovedEntry) -> bool:
        """Events that are over and old messages leave the lists there by themselves, and here as well."""
        if row.kind == news.KIND:
            return True
        last_end = events.series_by_id(db, row.entry_id).last_end() if row.kind == events.KIND else None
        return last_end is not None and last_end <= clock.now()

    def _hide(self, db: Work, row: MovedText) -> None:
        text = content.text_of(db, row.entry_id, row.language)
        if text is None or text.public_version_id is None:
            return
        if text.current_version_id != row.version_id:
            self._note(db, row.entry_id, row.language)
            return
        content.take_offline(db, row.entry_id, [row.language], actor=imports.IMPORTER)
        kept = db.merge(row)
        kept.run, kept.outcome = self.number, GONE
        self.texts[row.language] += 1

    def _archive(self, db: Work, row: MovedEntry) -> None:
        mine = select(MovedText).where(MovedText.entry_id == row.entry_id)
        came = {one.language: one.version_id for one in db.scalars(mine)}
        here = db.scalars(select(Text).where(Text.entry_id == row.entry_id)).all()
        is_touched = any(came.get(text.language) != text.current_version_id for text in here)
        if is_touched or state_here(db, row.kind, row.entry_id) != row.here or _has_children(db, row):
            self.entries[LEFT] += 1
            self._note(db, row.entry_id)
            return
        ground = Ground(db=db, actor=imports.IMPORTER, library=self.library, kept={})
        KINDS[row.kind].put_away(ground, archives.as_it_is(db, row.entry_id, None), archived=True)
        kept = db.merge(row)
        kept.run, kept.outcome = self.number, GONE
        self.entries[row.kind] += 1

    def _note(self, db: Work, entry_id: int, language: str = "") -> None:
        titles = content.titles(db, entry_id)
        where = titles.get(language) or next(iter(titles.values()), str(entry_id))
        self.report.note(where, say("It is gone there and was changed here; it stays. Archive it if nobody needs it."))

    def _refuse_text(self, row: MovedText, problem: Problem) -> None:
        self.report.refuse(f"{row.source} ({row.language})", problem)

    def _refuse_entry(self, row: MovedEntry, problem: Problem) -> None:
        self.report.refuse(f"{row.kind} {row.key}", problem)


def _has_children(db: Work, row: MovedEntry) -> bool:
    """Whether pages hang below a page that stay."""
    if row.kind != pages.KIND:
        return False
    below = [node.id for node in pages.tree(db) if node.parent_id == row.entry_id]
    return any(db.get_one(Entry, (db.tenant_id, one)).archived_at is None for one in below)
