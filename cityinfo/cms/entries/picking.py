"""Choosing several entries or one picture in a form: what is chosen, and what can be, found by its name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cityinfo.cms import choices
from cityinfo.cms.layout import Form
from cityinfo.cms.media.shelf import focus, thumbnail
from cityinfo.features import media
from cityinfo.features.content import ContentType
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound

FEW = 12  # can be looked at without looking for anything
MOST = 20  # found at once


@dataclass(frozen=True, slots=True)
class Pick:
    """One that can be chosen; pictures have an address under which they are seen small."""

    value: str
    title: str
    chosen: bool
    shown: str = ""
    focus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    """What a form offers under a name: what is chosen comes first. `is_long` says that the rest must be looked for."""

    name: str
    offered: Sequence[Pick]
    wanted: str = ""
    is_long: bool = False
    more: int = 0


def many(text: str) -> list[int]:
    """Identities as a form keeps them in one value."""
    return [int(one) for one in text.split(",") if one.isdecimal()]


def one(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def together(identities: Collection[int]) -> str:
    return ",".join(map(str, identities))


def entries(db: Work, kind: ContentType, name: str, form: Form, *, without: int | None = None) -> Picks:
    """Entries of a kind, by title."""
    titles = {value: title for value, title in choices.entries(db, kind).items() if value != str(without)}
    chosen = [str(value) for value in many(form.values.get(name, ""))]
    wanted = form.values.get(f"find_{name}", "").strip()
    rest = [value for value in titles if value not in chosen and wanted.casefold() in titles[value].casefold()]
    is_long = len(titles) > FEW
    most = 0 if is_long and not wanted else MOST
    picks = [Pick(value, titles.get(value, ""), True) for value in chosen]
    picks += [Pick(value, titles[value], False) for value in rest[:most]]
    return Picks(name=name, offered=picks, wanted=wanted, is_long=is_long, more=len(rest[most:]) if wanted else 0)


def picture(db: Work, name: str, form: Form) -> Picks:
    """Pictures of the library, by the names of their files."""
    wanted = form.values.get(f"find_{name}", "").strip()
    chosen = one(form.values.get(name, ""))
    kept = _kept(db, chosen)
    found = media.listing(db, media.Search(name=wanted, mime="image/", most=FEW))
    picks = [_picture(file, True) for file in kept]
    picks += [_picture(file, False) for file in found if file.id != chosen]
    return Picks(name=name, offered=picks, wanted=wanted, is_long=True)


def _kept(db: Work, media_id: int | None) -> list[media.MediaFile]:
    """The picture that is chosen, though it may have been put away since."""
    try:
        return [media.find(db, media_id)] if media_id else []
    except NotFound:
        return []


def _picture(file: media.MediaFile, chosen: bool) -> Pick:
    return Pick(str(file.id), file.name, chosen, thumbnail(file), focus(file))
