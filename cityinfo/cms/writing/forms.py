"""What the forms of the editing screen send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import g, request

from cityinfo.features.content import TextDraft
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _


@dataclass(frozen=True, slots=True)
class Typed:
    """Words as they were typed. `version` is the one that stood on the screen when the writing began."""

    title: str
    content: str
    slug: str
    revision: int
    version: int | None
    minor: bool

    @property
    def draft(self) -> TextDraft:
        slug = self.slug.strip() or None
        return TextDraft(title=self.title, content=self.content, revision=self.revision, slug=slug, minor=self.minor)


def typed() -> Typed:
    """The words of the form that was sent, or of the JSON a script sent."""
    sent: object = request.get_json() if request.is_json else request.form
    if not isinstance(sent, Mapping):
        raise Invalid("text.form", _("This request cannot be used; go back and try again."))
    return Typed(
        title=str(sent.get("title") or ""),
        content=str(sent.get("content") or ""),
        slug=str(sent.get("slug") or ""),
        revision=number(sent.get("revision")) or 0,
        version=number(sent.get("version")),
        minor=bool(sent.get("minor")),
    )


def revision() -> int:
    """The revision of the text that the form was opened with."""
    return request.form.get("revision", 0, type=int)


def moment(name: str, zone: ZoneInfo | None = None) -> datetime | None:
    """A day and time as they are in the city, or in a `zone`; None when the field was left empty."""
    value = request.form.get(name, "").strip()
    if not value:
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=zone or ZoneInfo(g.city.time_zone))
    except ValueError:
        raise Invalid("text.moment", _("Write a day and a time, like 2026-05-31 08:00.")) from None


def number(value: object) -> int | None:
    """A whole number that was sent as a text or as a number; None for anything else."""
    text = str(value or "")
    return int(text) if text.isdecimal() else None
