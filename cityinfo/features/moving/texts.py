"""Words of the old system: sources before translations; what was edited here since stays, and is said to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import select

from cityinfo.features import content, imports, news, pages, tenants
from cityinfo.features.content import NO_VERSION, Text, TextDraft, Version
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Problem
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import Run
from cityinfo.kernel.listing import portions

from .links import Key
from .models import MovedText
from .portions import each
from .types import CHANGED, GONE, LEFT, NEW, SAME, Found, Report, Said, Wanted, Watch
from .wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A text that is to be written. `there` is the digest of what it says there."""

    found: Found
    entry_id: int
    language: str
    said: Said
    content: str
    there: str


@dataclass(slots=True, kw_only=True)
class Texts:
    """One pass over all texts. `left` are entries that nobody touches in this run."""

    run: Run
    number: int
    wanted: Wanted
    ids: Mapping[Key, int]
    left: set[Key]
    wording: Wording
    report: Report
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    _sources: dict[str, str | None] = field(default_factory=dict)
    _rows: dict[int, MovedText] = field(default_factory=dict)
    _standing: dict[int, Text] = field(default_factory=dict)
    _stamps: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    _numbers: dict[int, tuple[int, str]] = field(default_factory=dict)
    _of_pages: frozenset[int | None] = frozenset()

    def bring(self, watch: Watch) -> None:
        with self.run.unit_of_work() as db:
            self._sources = {language: row.source for language, row in tenants.tree(db).items()}
            numbered = select(Text.v3_id, Text.entry_id, Text.language).where(Text.v3_id.is_not(None))
            self._numbers = {number or 0: (entry_id, language) for number, entry_id, language in db.execute(numbered)}
        of_pages = (one.texts.values() for one in self.wanted.found if one.kind == pages.KIND)
        self._of_pages = frozenset(said.id_v3 for texts in of_pages for said in texts)
        languages = sorted({one for found in self.wanted.found for one in found.texts}, key=self._depth)
        spoken = [one for one in languages if one in self._sources]
        for number, language in enumerate(spoken):
            counts = self.outcomes.setdefault(language, Counter())
            with self.run.unit_of_work() as db:
                self._read(db, language)
            todo = [job for job in self._jobs(language) if self._is_to_do(job, counts)]
            each(self.run, todo, self._write, self._bear, partial(_part, watch, number, len(spoken)))

    def _depth(self, language: str) -> int:
        source = self._sources.get(language)
        return 0 if source is None else 1 + self._depth(source)

    def _read(self, db: Work, language: str) -> None:
        """What came and what stands in a language, and what its source says now."""
        mine = select(MovedText).where(MovedText.language == language)
        self._rows = {row.entry_id: row for row in db.scalars(mine)}
        self._standing = {row.entry_id: row for row in db.scalars(select(Text).where(Text.language == language))}
        source = self._sources[language]
        texts = db.scalars(select(Text).where(Text.language == source)).all() if source else []
        shown = {text.entry_id: text.public_version_id or text.current_version_id or 0 for text in texts}
        moments: dict[int, datetime] = {}
        for some in portions(shown.values()):
            rows = db.execute(select(Version.id, Version.changed_at).where(Version.id.in_(some)))
            moments.update({row[0]: row[1] for row in rows})
        self._stamps = {entry: (version, moments[version]) for entry, version in shown.items() if version in moments}

    def _jobs(self, language: str) -> Iterator[Job]:
        for found in self.wanted.found:
            said, entry_id = found.texts.get(language), self.ids.get((found.kind, found.key))
            if said is None:
                continue
            if entry_id is None or (found.kind, found.key) in self.left:
                self.outcomes[language][LEFT] += 1
                continue
            words = self.wording.content(language, said)
            there = digest(said.title, words, said.slug, said.changed and said.changed.isoformat())
            yield Job(found=found, entry_id=entry_id, language=language, said=said, content=words, there=there)

    # What is to do

    def _is_to_do(self, job: Job, counts: Counter[str]) -> bool:
        row, text = self._rows.get(job.entry_id), self._standing.get(job.entry_id)
        if row is not None and row.there == job.there and row.outcome != GONE:
            counts[SAME] += row.run != self.number  # what was written before this run was interrupted is counted later
            return False
        if row is not None and (text is None or text.current_version_id != row.version_id):
            why = say("It was edited here and changed there; what is here stays. Look there and decide.")
            self._leave(job, why if text else say("It was deleted here, so it does not come again."))
            return False
        return True

    def _leave(self, job: Job, why: str) -> None:
        self.outcomes[job.language][LEFT] += 1
        self.report.note(f"{job.said.path or job.said.title} ({job.language})", why)

    # Writing

    def _write(self, db: Work, job: Job, *, slug: str | None = "") -> None:
        text = content.text_of(db, job.entry_id, job.language)
        row = db.get(MovedText, (db.tenant_id, job.entry_id, job.language))
        if row is not None and text is not None and text.current_version_id != row.version_id:
            raise Conflict("moving.edited", "It was edited here in this very moment; what is here stays.")
        current = content.version(db, text.current_version_id) if text else None
        is_ours = row is not None or current is None or current.origin == content.IMPORTED
        says_it = current is not None and (current.title, current.content) == (job.said.title, job.content)
        if not is_ours and not says_it:
            raise Conflict("moving.edited", "It stood here before in other words; what is here stays.")
        outcome = NEW if current is None else SAME if says_it and row is None else CHANGED
        version = current if says_it and not is_ours and current else self._save(db, job, row, text, slug=slug)
        row = row or MovedText(entry_id=job.entry_id, language=job.language, kind=job.found.kind)
        row.source, row.there, row.version_id = job.said.source, job.there, version.id
        row.run, row.outcome = self.number, outcome
        db.add(row)
        db.flush()

    def _save(self, db: Work, job: Job, row: MovedText | None, text: Text | None, *, slug: str | None) -> Version:
        actor, is_back = imports.IMPORTER, row is not None and row.outcome == GONE
        was_public = text is None or text.public_version_id is not None or is_back
        save = pages.save_text if job.found.kind == pages.KIND else content.save_text
        draft = self._draft(job, text, slug=job.said.slug or None if slug == "" else slug)
        version = save(db, job.entry_id, job.language, draft, actor=actor)
        saved = content.find_text(db, job.entry_id, job.language)
        waits = job.found.kind == news.KIND and news.find(db, job.entry_id).review != news.APPROVED
        if was_public and not waits:
            content.publish_text(db, job.entry_id, job.language, revision=saved.revision, actor=actor)
        elif not was_public:
            self.report.note(job.said.path, say("It is not public here, so what is new of it is not either."))
        return version

    def _draft(self, job: Job, text: Text | None, *, slug: str | None) -> TextDraft:
        return TextDraft(
            title=job.said.title,
            content=job.content,
            revision=text.revision if text else 0,
            slug=slug,
            based_on=self._based_on(job, text),
            origin=content.IMPORTED,
            changed_at=job.said.changed,
            v3_id=self._number(job),
        )

    def _number(self, job: Job) -> int | None:
        """What apps know it by, unless another text has that: each kind counts apart there, and pages come first."""
        number, mine = job.said.id_v3, (job.entry_id, job.language)
        is_of_a_page = number in self._of_pages and job.found.kind != pages.KIND
        if number is None or is_of_a_page or self._numbers.setdefault(number, mine) != mine:
            return None
        return number

    def _based_on(self, job: Job, text: Text | None) -> int | None:
        """A translation that is not older than its source was made from it; an older one from a version before."""
        source = self._stamps.get(job.entry_id)
        if source is None:
            return None
        if job.said.changed is None or job.said.changed >= source[1]:
            return source[0]
        return None if text else NO_VERSION

    # What is refused

    def _bear(self, job: Job, problem: Problem) -> None:
        """Under another address rather than not at all."""
        others = (problem.data.get("proposal"), None, f"{job.said.slug}-2")
        for slug in others if problem.code != "moving.edited" else ():
            try:
                with self.run.unit_of_work(write=True) as db:
                    self._write(db, job, slug=slug)
            except Problem:
                continue
            with self.run.unit_of_work() as db:
                found = content.slug_of(db, job.entry_id, job.language)
            said = say("Its address “{old}” cannot be used; it stands under “{new}”.", old=job.said.slug, new=found)
            self.report.note(f"{job.said.path} ({job.language})", said)
            return
        self._leave(job, problem.message)

    def count_written(self) -> None:
        """Add what was written in this run, interrupted or not, to what was found to be the same."""
        with self.run.unit_of_work() as db:
            rows = db.execute(select(MovedText.language, MovedText.outcome).where(MovedText.run == self.number))
            written = Counter((language, outcome) for language, outcome in rows)
        for (language, outcome), number in written.items():
            self.outcomes.setdefault(language, Counter())[outcome] = number


def _part(watch: Watch, number: int, of: int, done: float) -> None:
    watch((number + done) / of)
