"""What the form of a message shows and sends: every language of the city side by side, and facts. All as typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from cityinfo.cms.entries.words import as_html, as_text, number
from cityinfo.cms.layout import city_zone
from cityinfo.cms.words import for_field, language_name
from cityinfo.features import content, news
from cityinfo.features.content import TextDraft
from cityinfo.features.news import MAIN, WRITTEN, MessageFacts
from cityinfo.features.tenants import Language
from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _

FACTS = ("mode", "push", "when", "visible_from", "visible_until")
APPROVED, LATER = "approved", "later"  # visible as soon as it is approved, or from a moment on
PROBLEM = "news.words."  # and the field


def shown(facts: MessageFacts) -> dict[str, str]:
    """The facts of a message as fields show them."""
    return {
        "mode": facts.mode,
        "push": "1" if facts.push else "",
        "when": LATER if facts.visible_from else APPROVED,
        "visible_from": for_field(facts.visible_from, zone=city_zone()),
        "visible_until": for_field(facts.visible_until, zone=city_zone()),
    }


def with_facts(before: MessageFacts, values: Mapping[str, str], *, seen: bool) -> MessageFacts:
    """The message with what was typed; once readers have seen it, its end alone."""
    old = shown(before)
    until = _moment("visible_until", values, old, before.visible_until)
    if seen:
        return replace(before, visible_until=until)
    later = values["when"] == LATER
    if later and not values["visible_from"]:
        raise Invalid("news.from", _("Choose from when on readers see it, or that they do once it is approved."))
    return MessageFacts(
        mode=MAIN if values["mode"] == MAIN else WRITTEN,
        push=bool(values["push"]),
        visible_from=_moment("visible_from", values, old, before.visible_from) if later else None,
        visible_until=until,
    )


def words_of(db: Work, message_id: int) -> dict[str, str]:
    """Title, text and revision in every language in which there are any."""
    texts = content.texts(db, message_id)
    versions = content.versions_by_id(db, [text.current_version_id for text in texts if text.current_version_id])
    found = {}
    for text in texts:
        version = versions[text.current_version_id] if text.current_version_id else None
        found[f"title-{text.language}"] = version.title if version else ""
        found[f"content-{text.language}"] = as_text(version.content) if version else ""
        found[f"revision-{text.language}"] = str(text.revision)
    return found


def keep_words(
    db: Work, message_id: int, values: Mapping[str, str], spoken: Mapping[str, Language], *, actor: Actor
) -> None:
    """A new version in every language in which anything changed; languages that are empty stay unwritten."""
    now = words_of(db, message_id)
    for slug in _written(values, spoken, now):
        title, body = values[f"title-{slug}"].strip(), as_html(values[f"content-{slug}"])
        if (title, body) == (now.get(f"title-{slug}"), as_html(now.get(f"content-{slug}", ""))):
            continue
        _check(slug, title, body, spoken[slug])
        draft = TextDraft(title=title, content=body, revision=number(values.get(f"revision-{slug}", "")))
        content.save_text(db, message_id, slug, draft, actor=actor)
    if not content.texts(db, message_id):
        raise Invalid("news.nothing", _("Write the message in at least one language."))


def _written(values: Mapping[str, str], spoken: Iterable[str], now: Mapping[str, str]) -> list[str]:
    return [
        slug
        for slug in spoken
        if f"title-{slug}" in values
        and (values[f"title-{slug}"].strip() or values[f"content-{slug}"].strip() or f"title-{slug}" in now)
    ]


def _check(slug: str, title: str, body: str, language: Language) -> None:
    if not title:
        raise Invalid(
            f"{PROBLEM}title-{slug}",
            _("Write a title in this language too: {language}.", language=language_name(language)),
        )
    try:
        news.check_words(title, html.plain_text(body))
    except Invalid as problem:
        name = "title" if problem.code == "news.title" else "content"
        raise Invalid(f"{PROBLEM}{name}-{slug}", problem.message) from None


def _moment(name: str, values: Mapping[str, str], old: Mapping[str, str], before: datetime | None) -> datetime | None:
    """The moment that was typed; as exact as it was while nobody touches it."""
    text = values[name].strip()
    if text == old[name]:
        return before
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=city_zone())
    except ValueError:
        raise Invalid(f"news.{name}", _("Write day and time, such as 2026-05-31 18:00.")) from None
