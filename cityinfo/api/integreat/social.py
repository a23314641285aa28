"""What a link looks like when it is shared: title, description and picture, as a fragment of HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from flask import Response, current_app

from cityinfo.api.http import absolute_media
from cityinfo.kernel.errors import NotFound
from cityinfo.web.bodies import Answer, Reading, all_kinds, serve
from cityinfo.web.guard import public

HTML = "text/html; charset=utf-8"
_LONGEST = 1_000  # characters; no address comes near, and no request shall fill the store of answers
NAME = "cityinfo"
TEXTS = {  # what is said where nobody has written anything
    "de": "Informationen für Neuzugewanderte: lokal, verlässlich und in vielen Sprachen.",
    "en": "Information for newcomers: local, reliable and in many languages.",
    "ar": "معلومات للقادمين الجدد: محلية وموثوقة وبلغات عديدة.",
}
SECTIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {  # first segment → kind and what the list is called
    "events": ("event", {"de": "Veranstaltungen", "en": "Events", "ar": "الفعاليات"}),
    "places": ("location", {"de": "Orte", "en": "Places", "ar": "الأماكن"}),
    "locations": ("location", {"de": "Orte", "en": "Places", "ar": "الأماكن"}),
    "news": ("news", {"de": "Nachrichten", "en": "News", "ar": "الأخبار"}),
    "offers": ("offer", {"de": "Angebote", "en": "Offers", "ar": "العروض"}),
    "search": ("", {"de": "Suche", "en": "Search", "ar": "البحث"}),
}


@public
def social_everywhere() -> Response:
    """Headers for the start page of the apps."""
    return _everywhere("", "", 200)


@public
def social(path: str) -> Response:
    """Headers for any address of the apps. One that leads nowhere is answered 404, with what holds everywhere."""
    segments = [segment for segment in path[:_LONGEST].lower().split("/") if segment]
    if not segments or segments[0] in ("regions", "landing"):
        return _everywhere(segments[-1] if len(segments) > 1 else "", path, 200)
    tenant, language, *rest = [*segments, ""] if len(segments) == 1 else segments
    try:
        return serve(
            "v3.social",
            tenant=tenant,
            language=language or None,
            params={"path": "/".join(rest)},
            kinds=all_kinds(),
            build=lambda reading: _fragment(reading, rest),
        )
    except NotFound:
        return _everywhere(language, path, 404)


def _everywhere(language: str, path: str, status: int) -> Response:
    public_url: str = current_app.config["SETTINGS"].public_url
    body = _written(NAME, _text(TEXTS, language), f"{public_url}/{quote(path)}", None)
    return Response(body, status=status, content_type=HTML, headers={"Cache-Control": "no-cache"})


def _fragment(reading: Reading, rest: Sequence[str]) -> Answer:
    city, language = reading.tenant, reading.language or next(iter(reading.tenant.active_languages), "")
    document = _document(reading, rest) if rest else {}
    title = " | ".join(part for part in (document.get("title"), city.full_name) if part)
    text = document.get("excerpt") or _text(TEXTS, language)
    address = "/".join([city.app_url or reading.settings.public_url, city.slug, language, *map(quote, rest)])
    body = _written(title, text, address, _picture(reading, document))
    return Answer(body.encode(), content_type=HTML)


def _document(reading: Reading, rest: Sequence[str]) -> Mapping[str, Any]:
    """What stands there; `NotFound` when nothing does."""
    kind, titles = SECTIONS.get(rest[0], ("imprint" if rest[0] == "imprint" else "page", {}))
    if titles and len(rest) == 1:
        return {"title": _text(titles, reading.language)}
    if kind in all_kinds():
        node = reading.outline(kind).find(kind, reading.language, rest[-1].partition("$")[0])
        found = reading.documents_of(kind, [node.id]) if node else []
        if found:
            return found[0]
    if titles:
        return {"title": _text(titles, reading.language)}  # apps know such addresses by numbers of their own
    raise NotFound("social.unknown", "There is nothing under this address.")


def _picture(reading: Reading, document: Mapping[str, Any]) -> str | None:
    picture = document.get("picture")
    address = document.get("thumbnail") or (picture["url"] if picture else None)
    return absolute_media(reading, address) if address else None


def _text(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get(language.partition("-")[0]) or texts["en"]


def _written(title: str, text: str, address: str, picture: str | None) -> str:
    properties = {"og:type": "website", "og:title": title, "og:description": text, "og:url": address}
    properties |= {"og:image": picture} if picture else {}
    lines = [f"<title>{escape(title)}</title>", f'<meta name="description" content="{escape(text)}">']
    lines += [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    lines.append(f'<meta name="twitter:card" content="{"summary_large_image" if picture else "summary"}">')
    return "\n".join(lines) + "\n"


ROUTES = (("/social/", social_everywhere), ("/social/<path:path>", social))
