"""How cities are doing, as people say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cityinfo.cms.media.words import size
from cityinfo.features import accounts, condition, tenants
from cityinfo.features.condition import TenantCondition
from cityinfo.kernel.i18n import _, ngettext


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a report: a sign, what is so, and what someone could do about it."""

    sign: str
    said: str
    todo: str = ""


def statuses() -> dict[str, str]:
    """Where a city can be met by readers."""
    return {
        tenants.ACTIVE: _("shown in lists"),
        tenants.HIDDEN: _("hidden"),
        tenants.ARCHIVED: _("archived"),
    }


def needs() -> dict[str, str]:
    """What can ask for someone, the most urgent first."""
    words = {
        "broken": _("Something breaks"),
        "managers": _("Too few managers"),
        "full": _("Little space left"),
        "outdated": _("Many outdated texts"),
        "waiting": _("Texts wait"),
        "untended": _("Nobody writes"),
        "unmeasured": _("Not measured yet"),
    }
    return {need: words[need] for need in condition.NEEDS}


def signs() -> dict[str, str]:
    """The glyph of each need."""
    return {
        "broken": "bad",
        "managers": "bad",
        "full": "bad",
        "outdated": "outdated",
        "waiting": "review",
        "untended": "draft",
        "unmeasured": "missing",
    }


def sorts() -> dict[str, str]:
    """The orders of the list, each with what comes first."""
    return {
        "name": _("By name"),
        "current": _("Least translated first"),
        "outdated": _("Most outdated texts first"),
        "waiting": _("Most waiting texts first"),
        "broken": _("Most broken first"),
        "managers": _("Fewest managers first"),
        "size": _("Largest library first"),
        "edited": _("Longest without an edit first"),
    }


FALLING = ("outdated", "waiting", "broken", "size")


def share(found: TenantCondition) -> int:
    """How many percent of the translations are up to date. Nothing to translate counts as all done."""
    return found.current * 100 // found.texts if found.texts else 100


def report(found: TenantCondition, asked: list[str], quota: int) -> list[Line]:
    """The whole report in sentences."""
    return [*_translations(found, asked), *_people(found, asked), *_broken(found), _space(found, asked, quota)]


def _translations(found: TenantCondition, asked: list[str]) -> Iterator[Line]:
    if not found.texts:
        yield Line("current", _("There is nothing to translate."))
        return
    said = _("{current} of {texts} translations are up to date.", current=found.current, texts=found.texts)
    missing = ngettext("One is missing.", "{number} are missing.", found.missing) if found.missing else ""
    yield Line("current", f"{said} {missing}".strip())
    if number := found.outdated:
        said = ngettext("One translation is outdated.", "{number} translations are outdated.", number)
        todo = _("Ask the city whether it needs translators; its list of translations says where to begin.")
        yield Line("outdated", said, todo if "outdated" in asked else "")


def _people(found: TenantCondition, asked: list[str]) -> Iterator[Line]:
    said = ngettext("One person manages the city.", "{number} people manage the city.", found.managers)
    if "managers" in asked:
        said = said if found.managers else _("Nobody manages the city.")
        least = accounts.MANAGERS_RECOMMENDED
        yield Line("bad", said, _("A city needs at least {least}: ask whom to invite there.", least=least))
    else:
        yield Line("current", said)
    if found.waiting:
        said = ngettext("One text waits for review.", "{number} texts wait for review.", found.waiting)
        yield Line("review", said, _("Remind the managers: their first screen shows what waits."))
    if "untended" in asked:
        yield Line("draft", _("Nobody has written here for three months."), _("Ask whether the city still needs this."))


def _broken(found: TenantCondition) -> Iterator[Line]:
    if number := found.calendars_broken:
        said = ngettext("One calendar cannot be taken over.", "{number} calendars cannot be taken over.", number)
        yield Line("bad", said, _("Its address has probably changed; the city's calendars say what went wrong."))
    if number := found.jobs_failed:
        said = ngettext("One job was given up.", "{number} jobs were given up.", number)
        yield Line("bad", said, _("Enter the city and try them again under Background work."))
    if number := found.webhooks_failing:
        said = ngettext("One other server does not answer.", "{number} other servers do not answer.", number)
        yield Line("bad", said, _("Whoever runs it has to look; the city's webhooks name its address."))


def _space(found: TenantCondition, asked: list[str], quota: int) -> Line:
    said = _("Files take {used} of {all}.", used=size(found.media_bytes), all=size(found.media_quota or quota))
    if "full" in asked:
        return Line("bad", said, _("Let the city delete what nobody shows, or give it more space."))
    return Line("current", said)
