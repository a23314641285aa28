"""What waits for whoever is at the screen: the dashboard counts it, the list of pages shows it. Asked in one place."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import timedelta

from cityinfo.cms.kinds import KINDS
from cityinfo.features import comments, content
from cityinfo.features.content import Waiting
from cityinfo.features.events import EVENTS
from cityinfo.features.news import NEWS
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _, ngettext

REVIEW, RETURNED, COMMENTS, DRAFTS, EXPIRING = "review", "returned", "comments", "drafts", "expiring"
SOON = timedelta(days=14)
MONTHS = 12  # without a change, then it is time to look at a text again
_STALE = re.compile(r"stale-([1-9][0-9]{0,2})")


def stale(months: int = MONTHS) -> str:
    """The reason of texts that nobody has saved for so long."""
    return f"stale-{months}"


def waiting(db: Work, reason: str, actor: Actor, kinds: Collection[str] = tuple(KINDS)) -> list[Waiting]:
    """The texts of these kinds that wait for this reason; none for a reason that there is not."""
    months = _STALE.fullmatch(reason)
    if months is not None:
        since = clock.now() - timedelta(days=int(months[1]) * 365 // 12)
        return content.unchanged(db, _lasting(kinds), actor, since=since)
    if reason == EXPIRING:
        return content.expiring(db, _lasting(kinds), actor, until=clock.now() + SOON)
    questions = {
        REVIEW: content.submitted,
        RETURNED: content.returned,
        COMMENTS: comments.waiting,
        DRAFTS: content.unfinished,
    }
    if reason == REVIEW:  # messages are approved as a whole, and have a list of their own
        kinds = [kind for kind in kinds if KINDS[kind].is_published_here]
    question = questions.get(reason)
    return question(db, kinds, actor) if question else []


def reasons(chosen: str) -> dict[str, str]:
    """Every reason in words; with the one that was chosen, for months of its own."""
    months = _STALE.fullmatch(chosen)
    offered = sorted({6, MONTHS, 24, *([int(months[1])] if months else [])})
    return {
        REVIEW: _("Waiting for my review"),
        RETURNED: _("Returned to me"),
        COMMENTS: _("Comments that wait for me"),
        DRAFTS: _("My drafts"),
        EXPIRING: _("Offline within {days} days", days=SOON.days),
        **{stale(one): _unchanged(one) for one in offered},
    }


def by_entry(rows: Sequence[Waiting]) -> dict[int, list[Waiting]]:
    """The same entry by entry, in the order in which entries come first."""
    found: dict[int, list[Waiting]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


def _lasting(kinds: Collection[str]) -> list[str]:
    """Without kinds whose entries end by themselves: nobody looks after yesterday's."""
    return [kind for kind in kinds if kind not in (EVENTS.kind, NEWS.kind)]


def _unchanged(months: int) -> str:
    return ngettext("Unchanged for one month", "Unchanged for {number} months", months)
