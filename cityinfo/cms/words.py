"""Words that several screens say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from cityinfo.features import accounts
from cityinfo.features.tenants import Language
from cityinfo.kernel import i18n
from cityinfo.kernel.i18n import _

NO_CITYS_ZONE = ZoneInfo("Europe/Berlin")  # most cities are there, and nobody is asked where they are


def role_name(role: str) -> str:
    """A role as people call it."""
    names = {
        accounts.OBSERVER: _("Observer"),
        accounts.CONTRIBUTOR: _("Contributor"),
        accounts.EVENT_MANAGER: _("Events and offers"),
        accounts.AUTHOR: _("Author"),
        accounts.TRANSLATOR: _("Translator"),
        accounts.EDITOR: _("Editor"),
        accounts.MANAGER: _("Manager"),
    }
    return names[role]


def kind_names() -> dict[str, str]:
    """Every kind of content as people call one of it."""
    return {
        "page": _("Page"),
        "event": _("Event"),
        "location": _("Location"),
        "contact": _("Contact"),
        "offer": _("Offer"),
        "organization": _("Organization"),
        "news": _("News"),
        "imprint": _("Imprint"),
        "media": _("File"),
    }


def kinds_named() -> dict[str, str]:
    """Every kind of content as people call many of it."""
    return {
        "page": _("Pages"),
        "event": _("Events"),
        "location": _("Locations"),
        "contact": _("Contacts"),
        "offer": _("Offers"),
        "organization": _("Organizations"),
        "news": _("City news"),
        "imprint": _("Imprint"),
        "media": _("Files"),
    }


def icon_names() -> dict[str, str]:
    """The pictures that maps have for categories, by what they show."""
    return {
        "advice": _("Counselling"),
        "culture": _("Culture"),
        "daily_routine": _("Everyday life"),
        "education": _("Education"),
        "finance": _("Money"),
        "gastronomy": _("Food and drink"),
        "health": _("Health"),
        "house": _("Housing"),
        "leisure": _("Leisure"),
        "media": _("Media"),
        "medical_aid": _("Medical aid"),
        "meeting_point": _("Meeting point"),
        "mental_health": _("Mental health"),
        "mobility": _("Getting around"),
        "office": _("Office"),
        "other": _("Something else"),
        "other_help": _("Other help"),
        "service": _("Service"),
        "shelter": _("Shelter"),
        "shopping": _("Shopping"),
        "structure": _("Public building"),
    }


def color_names() -> dict[str, str]:
    """The colours that maps have for categories."""
    return {
        "#3700D2": _("dark blue"),
        "#2E98FB": _("light blue"),
        "#1DC6C6": _("turquoise"),
        "#3F8F01": _("dark green"),
        "#07DC03": _("light green"),
        "#F2DA04": _("yellow"),
        "#C38E03": _("brown"),
        "#FF7C32": _("orange"),
        "#FF3333": _("red"),
        "#EE36DC": _("pink"),
        "#A258FF": _("violet"),
        "#585858": _("grey"),
    }


def author_name(author: str, names: Mapping[str, str]) -> str:
    """Whoever did something: by name, or what kind of machine it was; as the log has it where nobody knows better."""
    machines = {
        "system": _("the system"),
        "schedule": _("the schedule"),
        "terminal": _("the operator"),
        "operator": _("the operator"),
        "import": _("an import"),
        "feed": _("a feed"),
        "template": _("the template"),
        "city": _("another city"),
        "token": _("a machine with a token"),
    }
    return names.get(author) or machines.get(author.partition(":")[0], author)


def language_name(language: Language) -> str:
    """A language as the interface calls it."""
    return language.name_de if i18n.language() == "de" else language.name_en


def when(moment: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Today, yesterday, the day of the week within seven days, then the date."""
    day, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if day == today:
        return _("today")
    if day == today - timedelta(days=1):
        return _("yesterday")
    if timedelta() < today - day < timedelta(days=7):
        return weekday(day.weekday())
    if day.year == today.year:
        return _("{day}.{month}.", day=f"{day:%d}", month=f"{day:%m}")
    return _("{day}.{month}.{year}", day=f"{day:%d}", month=f"{day:%m}", year=day.year)


def moment(moment: datetime, *, now: datetime, zone: tzinfo) -> str:
    """The day as `when` says it, and the time."""
    return _("{day}, {time}", day=when(moment, now=now, zone=zone), time=f"{moment.astimezone(zone):%H:%M}")


def for_field(moment: datetime | None, *, zone: tzinfo) -> str:
    """A moment as browsers' fields for a day and a time take it."""
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}" if moment else ""


def day(when: date) -> str:
    """A date in full."""
    return _("{day}.{month}.{year}", day=f"{when:%d}", month=f"{when:%m}", year=when.year)


def weekday(number: int) -> str:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return names[number]


def month_named(number: int) -> str:
    """A month by its name, from 1."""
    names = (
        *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
        *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
    )
    return names[number - 1]


def day_named(when: date) -> str:
    """A day with its weekday and the name of its month, as people say it."""
    return _(
        "{weekday}, {day} {month} {year}",
        weekday=weekday(when.weekday()),
        day=when.day,
        month=month_named(when.month),
        year=when.year,
    )
