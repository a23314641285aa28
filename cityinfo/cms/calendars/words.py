"""Where a calendar stands and what its last run did, as people say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from cityinfo.features.events import ExternalCalendar
from cityinfo.kernel import jobs
from cityinfo.kernel.i18n import _, ngettext, said_again
from cityinfo.kernel.jobs import Job

AT_WORK = (jobs.WAITING, jobs.RUNNING)


@dataclass(frozen=True, slots=True)
class Standing:
    """One sign for where a calendar stands, and a word for it."""

    sign: str
    word: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run: when it was, what it did or why it failed, and what it left out."""

    at: datetime
    failed: bool
    sentence: str
    rejected: Sequence[Mapping[str, Any]]


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


def runs(calendar: ExternalCalendar) -> Sequence[Run]:
    """The last runs, newest first."""
    return [_run(one) for one in calendar.runs]


def failing_since(calendar: ExternalCalendar) -> tuple[int, datetime | None]:
    """How many of the last runs failed one after the other, and when the first of these was."""
    failed = list(takewhile(lambda run: bool(run["error"]), calendar.runs))
    return len(failed), datetime.fromisoformat(failed[-1]["at"]) if failed else None


def named(rejected: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Events that were left out, each with why in the language of whoever reads it."""
    return [{"line": 0, **one, "reason": said_again(one["reason"])} for one in rejected]


def _run(kept: Mapping[str, Any]) -> Run:
    failure = said_again(kept["error"]) if kept["error"] else ""
    left = left_out(kept)
    said = [*counted(kept), *([ngettext("one left out", "{number} left out", left)] if left else [])]
    sentence = failure or ", ".join(said) or _("There was nothing in it.")
    return Run(datetime.fromisoformat(kept["at"]), bool(failure), sentence, named(kept["rejected"]))


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
