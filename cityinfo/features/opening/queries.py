"""How far a new city is: computed from what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cityinfo.features import accounts, imprint, logins, onboarding, placeholders, publishing, tenants, translation
from cityinfo.features.pages import PAGES, archived_ids
from cityinfo.features.translation import Standing
from cityinfo.kernel.db import Work

from .models import Opening
from .rules import FACTS, IMPRINT, LANGUAGES, MANAGERS, STEPS, TEST


@dataclass(frozen=True, slots=True)
class LanguageState:
    """A language of the city: whether readers are offered it, and how many of its pages readers cannot read yet."""

    slug: str
    visible: bool
    unread: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What a new city has and lacks. `managers` have accepted, `invited` have not yet."""

    facts_missing: int
    facts: int
    has_imprint: bool
    managers: int
    invited: int
    languages: Sequence[LanguageState]
    pages_public: int
    tested_at: datetime | None
    tested_by: str

    @property
    def done(self) -> dict[str, bool]:
        """Every step, and whether nothing is left of it."""
        whole = all(not one.unread for one in self.languages if one.visible)
        return {
            FACTS: not self.facts_missing,
            IMPRINT: self.has_imprint,
            MANAGERS: self.managers >= accounts.MANAGERS_RECOMMENDED,
            LANGUAGES: self.pages_public > 0 and whole and any(one.visible for one in self.languages),
            TEST: self.tested_at is not None,
        }

    @property
    def left(self) -> list[str]:
        """The steps that are not done, in their order."""
        return [step for step in STEPS if not self.done[step]]


def checklist(db: Work) -> Checklist:
    """How far this city is. A fixed number of statements."""
    row = db.get(Opening, db.tenant_id)
    public = publishing.count_public(db, PAGES.kind)
    managers = accounts.managers(db)
    ways = logins.ways_of(db, [one.id for one in managers]) if managers else {}
    accepted = sum(one.has_login for one in ways.values())
    return Checklist(
        facts_missing=placeholders.count_missing(db),
        facts=len(placeholders.declared(db)),
        has_imprint=imprint.is_public(db),
        managers=accepted,
        invited=len(managers) - accepted,
        languages=_languages(db, public),
        pages_public=public,
        tested_at=row.tested_at if row else None,
        tested_by=row.tested_by if row else "",
    )


def steps_left(db: Work) -> int | None:
    """How many steps a new city has still to take; None for one that readers are shown, and for templates."""
    return len(checklist(db).left) if is_new(db) else None


def is_new(db: Work) -> bool:
    """Whether readers are to come one day: hidden, whole, and no template, which only asks and answers nothing."""
    is_ready = not onboarding.is_being_made(db) and not onboarding.is_template(db)
    return tenants.own(db).status == tenants.HIDDEN and is_ready


def may_go_live(db: Work) -> bool:
    """Whether this is a new city: hidden, and never shown before."""
    row = db.get(Opening, db.tenant_id)
    return tenants.own(db).status == tenants.HIDDEN and (row is None or row.shown_at is None)


def _languages(db: Work, public: int) -> list[LanguageState]:
    counted = translation.totals(db, PAGES.kind, without=archived_ids())
    found = []
    for slug, row in tenants.tree(db).items():
        if row.active:
            figures = translation.standings(counted.get(slug, {}))
            unread = sum(figures[one] for one in (Standing.MISSING, Standing.DRAFT, Standing.REVIEW))
            of = figures.total() if row.source is not None else public
            found.append(LanguageState(slug, row.visible, unread, of))
    return found
