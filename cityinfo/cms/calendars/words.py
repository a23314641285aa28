"""Where a calendar stands and what its last run did, as people say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cityinfo.features.events import ExternalCalendar
from cityinfo.kernel import i18n, jobs
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.kernel.jobs import Job

AT_WORK = (jobs.WAITING, jobs.RUNNING)


@dataclass(frozen=True, slots=True)
class Standing:
    """One sign for where a calendar stands, and a word for it."""

    sign: str
    word: str


def standing(calendar: ExternalCalendar, job: Job | None) -> Standing:
    """What is going on comes first, then what asks for someone, then what is fine."""
    if is_at_work(job):
        return Standing("review", _("is being taken over"))
    if calendar.paused:
        return Standing("off", _("paused"))
    if job is not None:
        return Standing("bad", _("the last run broke off"))
    if calendar.last_error:
        return Standing("bad", _("cannot be read"))
    if calendar.last_run_at is None:
        return Standing("draft", _("not taken over yet"))
    if number := left_out(calendar.last_result):
        return Standing("outdated", ngettext("one event is left out", "{number} events are left out", number))
    return Standing("current", _("taken over"))


def is_at_work(job: Job | None) -> bool:
    """Whether a run is promised or under way."""
    return job is not None and jobs.state_of(job) in AT_WORK


def left_out(result: Mapping[str, Any]) -> int:
    """How many events the last run could not take."""
    return int(result.get("left_out", len(result.get("rejected", ()))))


def counted(result: Mapping[str, Any]) -> Sequence[str]:
    """What a run did, number by number; what there was none of is not said."""
    new, changed, vanished, unchanged, refused = (
        int(result.get(name, 0)) for name in ("new", "changed", "vanished", "unchanged", "refused")
    )
    said = (
        (new, ngettext("one new", "{number} new", new)),
        (changed, ngettext("one changed", "{number} changed", changed)),
        (vanished, ngettext("one no longer in the calendar", "{number} no longer in the calendar", vanished)),
        (unchanged, ngettext("one unchanged", "{number} unchanged", unchanged)),
        (refused, ngettext("one stays away, deleted here", "{number} stay away, deleted here", refused)),
    )
    return [sentence for number, sentence in said if number]


def words(kept: str) -> str:
    """Why something failed, as a run has kept it."""
    return i18n.said(kept)


def parts() -> dict[str, str]:
    """The parts of an event that a calendar says."""
    return {
        "when": _("when"),
        "title": _("title"),
        "content": _("description"),
        "categories": _("categories"),
        "meeting_url": _("link for taking part online"),
        "location": _("location"),
        "occurrences": _("single dates"),
    }
