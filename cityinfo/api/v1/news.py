"""News: messages of the city and items of feeds it shows, as a list and as a feed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from xml.etree import ElementTree

from flask import Response
from marshmallow import fields, validate

from cityinfo.features import news
from cityinfo.web.bodies import Answer, Reading, serve

from .entries import Document, EntryQuery, EntrySchema, Item, Write, Writer, serve_list, serve_one
from .operations import PagedAnswer, operation, section, sparse

blueprint = section("News", "Messages of the city, and news of others that it shows.")
ATOM = "application/atom+xml"
ATOM_ENTRIES = 50
_NAMESPACE = "http://www.w3.org/2005/Atom"
_EPOCH = "1970-01-01T00:00:00Z"  # when a feed without entries was last changed; the present would change every answer


class NewsSchema(EntrySchema):
    """A message, or an item of a feed."""

    source = fields.String(required=True, metadata={"description": "`local` for the city's own.", "example": "local"})
    channel = fields.String(required=True, allow_none=True, metadata={"example": "news"})
    link = fields.String(required=True, allow_none=True, metadata={"description": "Where others have published it."})
    display_date = fields.DateTime(required=True, metadata={"description": "Since when it is news."})
    visible_until = fields.DateTime(required=True, metadata={"description": "When it leaves by itself."})


class NewsListSchema(PagedAnswer):
    """A portion of the list of news."""

    items = fields.List(fields.Nested(sparse(NewsSchema)), required=True)


class NewsQuery(EntryQuery):
    """Which news."""

    source = fields.String(
        validate=validate.Length(max=30),
        metadata={"description": "Only those of this source.", "example": "local"},
    )


@operation(blueprint, "/tenants/<tenant>/<language>/news", answer=NewsListSchema, query=NewsQuery, also=[410])
def list_news(query: dict[str, Any], tenant: str, language: str) -> Response:
    """List news, newest first."""
    return serve_list(news.KIND, tenant, language, query, choose=_newest(query.get("source")), write=_writer)


@operation(blueprint, "/tenants/<tenant>/<language>/news/<int:entry_id>", answer=NewsSchema)
def get_news(tenant: str, language: str, entry_id: int) -> Response:
    """Read one message, or one item of a feed."""
    return serve_one(news.KIND, tenant, language, entry_id, write=_writer)


@operation(blueprint, "/tenants/<tenant>/<language>/news.atom", answer=ATOM)
def get_news_feed(tenant: str, language: str) -> Response:
    """Follow the news with a feed reader.

    The newest 50, in Atom.
    """
    return serve("v1.news.atom", tenant=tenant, language=language.lower(), kinds=(news.KIND,), build=_atom)


def _newest(source: str | None) -> Callable[[Reading, list[Item]], Sequence[Item]]:
    def choose(_reading: Reading, documents: list[Item]) -> Sequence[Item]:
        found = [one for one in documents if source in (None, one["source"])]
        return sorted(found, key=lambda one: (one["display_date"], one["id"]), reverse=True)

    return choose


def _writer(reading: Reading) -> Write:
    writer = Writer(reading, news.KIND)

    def write(document: Document) -> Item:
        own = {name: document[name] for name in ("source", "channel", "link")}
        moments = {name: writer.moment(document[name]) for name in ("display_date", "visible_until")}
        return {**writer.words(document), **own, **moments}

    return write


def _atom(reading: Reading) -> Answer:
    tenant, language = reading.tenant, reading.registry()[reading.language]
    site = f"{reading.settings.public_url}/{tenant.slug}/{reading.language}/"
    address = f"{reading.settings.public_url}/api/v1/tenants/{tenant.slug}/{reading.language}/news.atom"
    write = _writer(reading)
    chosen = _newest(None)(reading, reading.documents(news.KIND))[:ATOM_ENTRIES]
    items = [write(document) for document in chosen]
    feed = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": language.bcp47})
    _add(feed, "id", address)
    _add(feed, "title", tenant.full_name)
    _add(feed, "updated", max((item["changed_at"] for item in items), default=_EPOCH))
    _add(_add(feed, "author"), "name", tenant.full_name)
    _add(feed, "link", rel="self", type=ATOM, href=address)
    _add(feed, "link", rel="alternate", href=site)
    for item in items:
        _add_entry(feed, item, f"{address}#{item['id']}", item["link"] or site + item["path"])
    body = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Answer(body, content_type=ATOM, language=language.bcp47)


def _add_entry(feed: ElementTree.Element, item: Item, identity: str, address: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", identity)
    _add(entry, "title", item["title"])
    _add(entry, "published", item["display_date"])
    _add(entry, "updated", item["changed_at"])
    _add(entry, "link", rel="alternate", href=address)
    _add(entry, "category", term=item["source"])
    _add(entry, "content", item["content"], type="html")


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = "".join(one for one in text if one >= " " or one in "\t\n") or None  # XML has no control characters
    return element
