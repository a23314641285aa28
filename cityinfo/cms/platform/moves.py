"""How far a city is that moves in, and what its runs did, as people say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cityinfo.cms.words import kinds_named
from cityinfo.features import moving
from cityinfo.features.moving import MoveIn, MoveInRun
from cityinfo.kernel import jobs
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.kernel.jobs import Job

AT_WORK = (jobs.WAITING, jobs.RUNNING)


@dataclass(frozen=True, slots=True)
class Standing:
    """One sign for where something stands, and a word for it."""

    sign: str
    word: str


def is_at_work(job: Job | None) -> bool:
    """Whether a run is promised or under way."""
    return job is not None and jobs.state_of(job) in AT_WORK


def standing(state: MoveIn, run: MoveInRun | None, job: Job | None) -> Standing:
    """What is going on comes first, then what asks for someone, then what is fine."""
    if is_at_work(job):
        return Standing("review", _("is being brought here"))
    if state.switched_at is not None:
        return Standing("current", _("written here"))
    return of_run(run)


def of_run(run: MoveInRun | None) -> Standing:
    """How one run ended."""
    if run is None or run.ended_at is None:
        return Standing("bad", _("the run broke off"))
    number = len(run.report["notes"]) + run.report["more_notes"]
    if number:
        return Standing("outdated", ngettext("one thing to look at", "{number} things to look at", number))
    return Standing("current", _("everything came"))


def steps() -> dict[str, str]:
    """What the worker says it is doing."""
    return {
        "reading": _("reading the old server"),
        "fetching files": _("fetching files"),
        "writing facts": _("writing facts"),
        "writing texts": _("writing texts"),
        "looking for what is gone": _("looking for what is gone there"),
    }


def columns() -> dict[str, str]:
    """What can become of something in a run."""
    return {
        moving.NEW: _("new"),
        moving.CHANGED: _("changed"),
        moving.SAME: _("unchanged"),
        moving.LEFT: _("left alone"),
        moving.GONE: _("gone there"),
    }


def kinds(report: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[int]]]:
    """What became of the entries of each kind, in the order of the columns."""
    names = kinds_named()
    for kind, counts in report["entries"].items():
        yield names.get(kind, kind), [counts.get(one, 0) for one in moving.OUTCOMES]


def languages(report: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[tuple[str, Sequence[int]]]:
    """The same of the texts in each language."""
    for language, counts in report["texts"].items():
        yield names.get(language, language), [counts.get(one, 0) for one in moving.OUTCOMES]
