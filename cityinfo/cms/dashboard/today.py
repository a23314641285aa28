"""What needs whoever has logged in: how much of each, its first few, and the list that shows all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from flask import g

from cityinfo.cms import waiting
from cityinfo.cms.kinds import of_any
from cityinfo.cms.layout import Me
from cityinfo.cms.proposals.rows import Row, rows
from cityinfo.cms.translations.progress import totals
from cityinfo.features import accounts, content, feedback, news, placeholders, proposals, tenants
from cityinfo.features.content import Waiting
from cityinfo.features.feedback import Feedback
from cityinfo.features.tenants import Language
from cityinfo.features.translation import Standing
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.jobs import Job

T = TypeVar("T")
FEW = 4  # of each; the rest is one click away


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry with its texts that wait, and what was said about the first of them."""

    entry_id: int
    kind: str
    title: str
    titled_in: str
    languages: Sequence[Language]
    at: datetime
    by: str
    said: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that wait for one reason."""

    reason: str
    total: int
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Few(Generic[T]):
    """How much there is of something, and the newest of it."""

    total: int
    newest: Sequence[T]


@dataclass(frozen=True, slots=True)
class Owed:
    """A language in which texts ask this person for work, and how many of all its texts stand so."""

    language: Language
    figures: Mapping[Standing, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Everything on the first screen. What someone may not see is empty for them."""

    groups: Mapping[str, Group]
    approvals: Few[tuple[int, str]]
    translations: Sequence[Owed]
    feedback: Few[Feedback]
    proposals: Few[Row]
    jobs: Few[Job]
    updates: int  # entries that the template has changed
    missing: int  # facts that texts name and readers need

    @property
    def is_calm(self) -> bool:
        """Whether nothing at all needs this person."""
        totals = [*(one.total for one in self.groups.values()), self.feedback.total, self.proposals.total]
        totals += [self.approvals.total, self.jobs.total, len(self.translations), self.missing, self.updates]
        return not any(totals)


def today(db: Work, *, me: Me, actor: Actor) -> Today:
    """A fixed number of statements, whatever the size of the city."""
    reasons = (waiting.REVIEW, waiting.RETURNED, waiting.COMMENTS, waiting.DRAFTS, waiting.EXPIRING, waiting.stale())
    found = {reason: waiting.by_entry(waiting.waiting(db, reason, actor)) for reason in reasons}
    few = {reason: dict(list(found[reason].items())[:FEW]) for reason in reasons}
    told = _Told.of(db, {one for entries in few.values() for one in entries}, actor)
    return Today(
        groups={one: Group(one, len(found[one]), [told.item(*entry) for entry in few[one].items()]) for one in reasons},
        approvals=_approvals(db, actor) if me.may("news:send") else Few(0, ()),
        translations=_translations(db, actor) if me.may(*of_any("write", "translate")) else (),
        feedback=_feedback(db) if me.may("feedback:read") else Few(0, ()),
        proposals=_proposals(db, me, actor),
        jobs=_jobs(db) if me.may("jobs:read") else Few(0, ()),
        updates=(g.get("updates") or 0),
        missing=placeholders.count_missing(db) if me.may("settings:manage") else 0,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said about entries and people, read once for all of them."""

    titles: Mapping[int, Mapping[str, str]]
    languages: Mapping[str, Language]
    names: Mapping[str, str]
    root: str
    me: str

    @staticmethod
    def of(db: Work, entry_ids: set[int], actor: Actor) -> _Told:
        titles, languages = content.titles_of(db, entry_ids), tenants.languages(db)
        return _Told(titles, languages, accounts.names(db), tenants.root_language(db), str(actor))

    def item(self, entry_id: int, rows: Sequence[Waiting]) -> Item:
        first = rows[0]
        title, language = content.name(self.titles.get(entry_id, {}), self.root)
        return Item(
            entry_id=entry_id,
            kind=first.kind,
            title=title or first.title,
            titled_in=self.languages[language or first.language].bcp47,
            languages=[self.languages[row.language] for row in rows],
            at=first.at,
            by=self.names.get(first.by, ""),
            said=first.said,
            is_mine=first.assignee == self.me,
        )


def sheet(db: Work, reason: str, *, after: int, most: int, actor: Actor) -> tuple[list[Item], int, bool]:
    """Entries that wait for a reason, from the one behind `after` on, how many there are, and whether more follow."""
    found = waiting.by_entry(waiting.waiting(db, reason, actor))
    ids = list(found)
    start = ids.index(after) + 1 if after in found else 0
    chosen = ids[start : start + most]
    told = _Told.of(db, set(chosen), actor)
    return [told.item(one, found[one]) for one in chosen], len(ids), start + most < len(ids)


def _approvals(db: Work, actor: Actor) -> Few[tuple[int, str]]:
    """News to approve, by identity and title; own news where that takes a second person is none of them."""
    found = news.requested(db, besides=str(actor) if tenants.offers(db, news.TWO_PERSON_FLAG) else "")
    titles, root = content.titles_of(db, found[:FEW]), tenants.root_language(db)
    return Few(len(found), [(one, content.name(titles.get(one, {}), root)[0]) for one in found[:FEW]])


def _translations(db: Work, actor: Actor) -> list[Owed]:
    languages = tenants.languages(db)
    return [Owed(languages[one], found.figures) for one, found in totals(db, actor=actor).items() if found.asks]


def _feedback(db: Work) -> Few[Feedback]:
    return Few(feedback.count_unread(db), feedback.listed(db, spam=False, unread=True, most=FEW))


def _proposals(db: Work, me: Me, actor: Actor) -> Few[Row]:
    """What waits for whoever decides; for members of an organization what came back to them."""
    if me.may("proposal:read"):
        waiting = proposals.listed(db, states=(proposals.PROPOSED,), newest=False, most=FEW)
        return Few(proposals.count(db).get(proposals.PROPOSED, 0), rows(db, waiting))
    if not me.is_confined:
        return Few(0, ())
    returned = proposals.listed(db, states=(proposals.RETURNED,), author=str(actor), most=FEW)
    return Few(proposals.count(db, str(actor)).get(proposals.RETURNED, 0), rows(db, returned))


def _jobs(db: Work) -> Few[Job]:
    return Few(jobs.count(db, state=jobs.FAILED), jobs.listing(db, state=jobs.FAILED, most=FEW))
