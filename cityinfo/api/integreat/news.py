"""News: the city's own messages and those of other publishers, in one list."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request

from cityinfo.api.http import local_time
from cityinfo.features import news as features
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.i18n import say
from cityinfo.web.bodies import Answer, Reading, serve
from cityinfo.web.guard import public

from .answers import answer
from .places import Places

_PAGE_SIZE, _MOST = 20, 500
_LAST_PAGE = 1_000_000  # no list comes near, and no request shall fill the store of answers

Document = dict[str, Any]  # as published


@public
def news(tenant: str, language: str) -> Response:
    """A page of the list, newest first."""
    page, size = _number("page", 1, _LAST_PAGE), _number("size", _PAGE_SIZE, _MOST)
    params = {**_chosen("source"), **_chosen("channel"), "page": str(page), "size": str(size)}
    return _serve("v3.news", tenant, language, params, lambda reading: _news(reading, params, page, size))


@public
def one_news(tenant: str, language: str, news_id: str) -> Response:
    """One message, under `<source>-<number>`."""
    if not re.fullmatch("[a-zA-Z][a-zA-Z0-9]{0,29}-[0-9]{1,19}", news_id):
        raise _unknown()
    wanted = news_id.lower()
    return _serve("v3.news.one", tenant, language, {"id": wanted}, lambda reading: _one(reading, wanted))


@public
def sent_messages(tenant: str, language: str) -> Response:
    """The city's own messages as apps from before 2023 read them."""
    params = {**_chosen("channel"), **_chosen("id")}
    return _serve("v3.fcm", tenant, language, params, lambda reading: _messages(reading, params))


def _serve(route: str, tenant: str, language: str, params: dict[str, str], build: Any) -> Response:
    return serve(route, tenant=tenant, language=language.lower(), params=params, kinds=(features.KIND,), build=build)


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name)
    if not text:
        return default
    if not re.fullmatch("[0-9]{1,100}", text) or int(text) < 1:
        raise Invalid(
            "request.number", say("{name} must be a whole number above zero, not “{text}”.", name=name, text=text[:60])
        )
    return min(int(text), most)


def _chosen(name: str) -> dict[str, str]:
    text = request.args.get(name, "").lower()
    if not re.fullmatch("[a-z0-9-]{0,40}", text):
        raise Invalid("request.choice", say("{name} is a short name, not “{text}”.", name=name, text=text[:60]))
    return {name: text} if text else {}


def _shown(reading: Reading) -> list[Document]:
    """Newest first."""
    return sorted(reading.documents(features.KIND), key=lambda one: (one["display_date"], one["id"]), reverse=True)


def _is_local(document: Document) -> bool:
    return bool(document["source"] == features.LOCAL)


def _news(reading: Reading, chosen: dict[str, str], page: int, size: int) -> Answer:
    wanted = {name: chosen[name] for name in ("source", "channel") if name in chosen}
    found = [one for one in _shown(reading) if all(one[name] == value for name, value in wanted.items())]
    writer = _Writer(reading)
    return answer([writer.news(one) for one in found[(page - 1) * size : page * size]], reading)


def _one(reading: Reading, news_id: str) -> Answer:
    writer = _Writer(reading)
    for document in _shown(reading):
        if _number_of(document) == news_id:
            return answer(writer.news(document), reading)
    raise _unknown()


def _messages(reading: Reading, chosen: dict[str, str]) -> Answer:
    writer = _Writer(reading)
    found = [one for one in _shown(reading) if _is_local(one) and one["channel"] == chosen.get("channel", "news")]
    messages = [writer.message(one) for one in found]
    return answer([one for one in messages if chosen.get("id", str(one["id"])) == str(one["id"])], reading)


def _number_of(document: Document) -> str:
    return f"{document['source']}-{document['v3']['entry_id']}"


def _unknown() -> NotFound:
    return NotFound("news.unknown", "No matching news found.")


class _Writer:
    """Writes published news as the apps expect them."""

    def __init__(self, reading: Reading) -> None:
        self._places = Places(reading, features.KIND)
        self._zone = ZoneInfo(reading.tenant.time_zone)
        tenant = reading.tenant
        self._site = f"{tenant.app_url or reading.settings.public_url}/{tenant.slug}/{reading.language}/news/"

    def news(self, document: Document) -> dict[str, Any]:
        """One object of the list."""
        number, local = _number_of(document), _is_local(document)
        others = {language: {"id": number} for language in self._places.languages(document["id"])}
        return {
            "id": number,
            "title": document["title"],
            "content": self._places.with_links(document["content"]),
            "last_updated": self._moment(document["changed_at"]),
            "display_date": self._moment(document["display_date"]),
            "channel": document["channel"],
            "available_languages": others if local else None,
            "source": document["source"],
            "externalUrl": self._site + number if local else document["link"],
        }

    def message(self, document: Document) -> dict[str, Any]:
        """One object as `fcm` lists it."""
        moment = self._moment(document["display_date"])
        return {
            "id": document["v3"]["entry_id"],
            "title": document["title"],
            "message": self._places.with_links(document["content"]),
            "timestamp": moment,
            "last_updated": self._moment(document["changed_at"]),
            "display_date": moment,
            "channel": document["channel"],
            "available_languages": {
                language: {"id": document["v3"]["entry_id"]} for language in self._places.languages(document["id"])
            },
        }

    def _moment(self, text: str) -> str:
        return local_time(datetime.fromisoformat(text), self._zone)


ROUTES = (
    ("/<tenant>/<language>/news/", news),
    ("/<tenant>/<language>/news/<news_id>/", one_news),
    ("/<tenant>/<language>/fcm/", sent_messages),
    ("/<tenant>/<language>/sent_push_notifications/", sent_messages),
)
