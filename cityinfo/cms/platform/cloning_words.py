"""What a plan says and how far a clone is, as people say it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cityinfo.cms.words import kinds_named
from cityinfo.features import onboarding
from cityinfo.features.onboarding import Outcome, Plan
from cityinfo.kernel.i18n import _


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that comes and leads to something that does not: from where, to what, and what becomes of it."""

    role: str
    holder: str
    target: str
    outcome: str
    times: int


def kind_hints() -> dict[str, str]:
    """What is lost when a kind stays behind."""
    return {
        "page": _("Without them the city begins with an empty tree."),
        "media": _("Without them pictures are left out of texts; links to files keep their words."),
        "organization": _("Without them pages and places belong to nobody."),
        "location": _("Without them events lose their place, and links to places keep their words."),
        "contact": _("Without them contact cards are left out of texts."),
        "offer": _("Without them links to offers keep their words."),
        "event": _("Mostly of one city alone; calendars come with their events."),
        "imprint": _("That of a template is a skeleton; that of a city names its own people."),
        "news": _("Mostly of one city alone; nobody's phone rings for them."),
    }


def stays_behind(plan: Plan) -> list[tuple[int, str, str]]:
    """How many of which kind stay, and why."""
    why = {
        onboarding.ARCHIVED: _("archived"),
        onboarding.NOT_CHOSEN: _("not chosen"),
        onboarding.BELOW: _("belongs to something that stays behind"),
        onboarding.ELSEWHERE: _("outside the chosen part of the tree"),
    }
    names = {**kinds_named(), "occurrence": _("Single dates")}
    return [(number, names.get(kind, kind), why[reason]) for (kind, reason), number in sorted(plan.left.items())]


def lost(plan: Plan) -> list[Lost]:
    """What leads to what stays behind, alike ones once."""
    found = Counter((one.role, one.entry_id or 0, one.target_id, one.outcome) for one in plan.conflicts)
    roles, outcomes, unnamed = _roles(), _outcomes(), _("(without words)")
    return [
        Lost(
            roles.get(role, _("Relation")),
            plan.titles.get(holder, "") or (unnamed if holder else _("Settings")),
            plan.titles.get(target, "") or unnamed,
            outcomes[outcome],
            times,
        )
        for (role, holder, target, outcome), times in found.items()
    ]


def _roles() -> dict[str, str]:
    return {
        "link": _("Link"),
        "media": _("File"),
        "contact": _("Contact card"),
        "mirror": _("Mirrored page"),
        "organization": _("Organization"),
        "location": _("Place"),
        "place of the calendar": _("Place of a calendar"),
    }


def _outcomes() -> dict[Outcome, str]:
    return {
        Outcome.WORDS: _("keeps its words without the link"),
        Outcome.GONE: _("is left out of the text"),
        Outcome.DROPPED: _("is dropped"),
        Outcome.FOLLOWS: _("follows the reader's language"),
    }


def progress(text: str) -> str:
    """What a clone is doing just now."""
    words = {
        "reading": _("Reads what comes along"),
        "copying files": _("Copies files"),
        "writing content": _("Writes content"),
        "publishing": _("Publishes"),
        "checking": _("Checks that nothing leads out of the new city"),
        "deleting files": _("Deletes files"),
        "deleting content": _("Deletes content"),
    }
    return words.get(text, _("Waits for the worker"))
