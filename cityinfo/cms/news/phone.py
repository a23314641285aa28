"""A message as phones show it, and who would be told in which language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cityinfo.cms.entries.words import as_html
from cityinfo.cms.layout import city_zone
from cityinfo.cms.words import day, language_name, weekday
from cityinfo.features.news import MAIN, MOST_TEXT, MOST_TITLE
from cityinfo.features.tenants import Language
from cityinfo.kernel import clock, html
from cityinfo.kernel.i18n import _

SHOWN = 4  # notices on one screen


@dataclass(frozen=True, slots=True)
class Count:
    """How long title and text are in a language: in words, and whether that is too much."""

    title: str
    text: str
    is_title_long: bool
    is_text_long: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """What the preview shows. `gaps` are sentences about languages in which nothing is written."""

    time: str
    day: str
    notices: Sequence[tuple[Language, str, str]]
    counts: Mapping[str, Count]
    gaps: Sequence[str]


def phone(values: Mapping[str, str], spoken: Mapping[str, Language], root: str) -> Phone:
    """The message as it is typed."""
    moment = _moment(values)
    texts = {slug: html.plain_text(html.sanitise(as_html(values.get(f"content-{slug}", "")))) for slug in spoken}
    titles = {slug: values.get(f"title-{slug}", "").strip() for slug in spoken}
    written = [slug for slug in spoken if titles[slug] or texts[slug]]
    return Phone(
        time=f"{moment:%H:%M}",
        day=_("{weekday}, {date}", weekday=weekday(moment.weekday()), date=day(moment.date())),
        notices=[(spoken[slug], titles[slug], texts[slug]) for slug in written[:SHOWN]],
        counts={slug: _count(titles[slug], texts[slug]) for slug in spoken},
        gaps=_gaps(spoken, written, root, main=values.get("mode") == MAIN) if written else (),
    )


def _count(title: str, text: str) -> Count:
    return Count(
        _("{number} of {most} characters", number=len(title), most=MOST_TITLE),
        _("{number} of {most} characters", number=len(text), most=MOST_TEXT),
        len(title) > MOST_TITLE,
        len(text) > MOST_TEXT,
    )


def _gaps(spoken: Mapping[str, Language], written: Sequence[str], root: str, *, main: bool) -> list[str]:
    missing = [language_name(one) for slug, one in spoken.items() if slug not in written]
    if not missing:
        return []
    languages = ", ".join(missing)
    if not main:
        return [_("Not written: {languages}. Whoever reads these gets nothing.", languages=languages)]
    said = {"languages": languages, "root": language_name(spoken[root])}
    if root not in written:
        return [_("{root} shall stand in for {languages}: write it first.", **said)]
    return [_("Not written: {languages}. Whoever reads these gets it in {root}.", **said)]


def _moment(values: Mapping[str, str]) -> datetime:
    try:
        return datetime.fromisoformat(values.get("visible_from", ""))
    except ValueError:
        return clock.now().astimezone(city_zone())
