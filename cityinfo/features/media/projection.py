"""What the public sees of files: the bytes have addresses of their own, texts show them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cityinfo.features import content
from cityinfo.features.content import ContentType, Key, Projection
from cityinfo.kernel import html
from cityinfo.kernel.db import Work

from . import icons, queries
from .models import MediaFile
from .queries import KIND


def affected(_db: Work, media_ids: Collection[int], _widely: bool) -> set[int]:
    return set(media_ids)


def project(db: Work, media_ids: Collection[int], active: Collection[str], languages: Collection[str]) -> Projection:
    """Documents of files that have a public text, so that a phone that keeps everything knows what to fetch."""
    words = content.Words(db, media_ids, active, languages, falls_back=lambda _: True)
    found = queries.files(db, words.entries)

    def facts(key: Key) -> Mapping[str, Any]:
        return {**queries.facts_of(found[key[0]]), "name": found[key[0]].name, "size": found[key[0]].size}

    return words.projection(facts)


def write_out(db: Work, language: str, contents: Sequence[str]) -> list[str]:
    """Put addresses and alternative texts in place of the files and icons that contents name by their identity."""
    named = {media_id for text in contents for role, media_id in html.shown(text) if role == KIND}
    found = queries.files(db, named) if named else {}
    texts = queries.alternative_texts(db, found, [language]) if found else {}

    def write(tag: str, media_id: int, own: Mapping[str, str]) -> Mapping[str, str] | None:
        file = found.get(media_id)
        return None if file is None else _attributes(tag, file, texts.get((media_id, language), ""), own)

    return [html.write_icons(html.write_media(text, write), icons.attributes) for text in contents]


def _attributes(tag: str, file: MediaFile, words: str, own: Mapping[str, str]) -> dict[str, str]:
    facts = queries.facts_of(file)
    if tag == "a":
        return {**own, "href": facts["url"]}
    if tag == "audio":
        return {**own, "src": facts["url"], "controls": ""}
    size = {name: str(facts[name]) for name in ("width", "height") if facts[name]}
    described = "" if html.decorates(own) else own.get("alt") or words
    return {**size, **own, "src": _for_phones(facts), "alt": described}


def _for_phones(facts: Mapping[str, Any]) -> str:
    """The WebP copy that is wide enough for a phone, else the original: older apps know no `srcset`."""
    wide = [one for one in facts["renditions"] if one["type"] == "image/webp" and one["width"] >= 800]
    return str(min(wide, key=lambda one: one["width"])["url"] if wide else facts["url"])


MEDIA = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=content.pass_time,
    path="media/",
    falls_back=content.all_fall_back,
)
