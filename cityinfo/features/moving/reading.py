"""All that the public interface of the old system says of a city, from its server or from a folder of answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

from cityinfo.features import tenants
from cityinfo.kernel.errors import Invalid, NotFound, Unavailable
from cityinfo.kernel.i18n import say

from .answers import Object, read_list, read_object
from .ports import Server
from .types import Watch

MOST_ANSWER = 200_000_000  # bytes
PAUSES = (1.0, 5.0)  # seconds before an answer is asked for again
FAMILY = ".integreat-app.de"  # one server under several names
REGION, LANGUAGES, IMPRINT = "region", "languages", "imprint"
PAGES, LOCATIONS, ON_MAP, CATEGORIES = "pages", "locations", "locations-on-map", "location-categories"
EVENTS, OFFERS, NEWS = "events", "offers", "news"
SENT = "fcm"  # the city's own messages, where servers know no news
LISTS = (PAGES, LOCATIONS, ON_MAP, CATEGORIES, EVENTS, OFFERS, NEWS)
_PATHS = {
    REGION: "regions/{region}/",
    LANGUAGES: "{region}/languages/",
    IMPRINT: "{region}/{language}/imprint/",
    PAGES: "{region}/{language}/pages/",
    LOCATIONS: "{region}/{language}/locations/",
    ON_MAP: "{region}/{language}/locations/?on_map=1",
    CATEGORIES: "{region}/{language}/location-categories/",
    EVENTS: "{region}/{language}/events/?combine_recurring=True",
    OFFERS: "{region}/{language}/offers/",
    NEWS: "{region}/{language}/news/?source=local&size=500",
    SENT: "{region}/{language}/fcm/?channel=news",
}


class Source(Protocol):
    """Where answers come from; `name` is what people call it."""

    @property
    def name(self) -> str: ...

    def get(self, what: str, language: str = "") -> bytes | None:
        """One answer; None when there is none. `Unavailable` when it may come later."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Answers that someone has kept, as ``pages.de.json``."""

    place: Path

    @property
    def name(self) -> str:
        return str(self.place)

    def get(self, what: str, language: str = "") -> bytes | None:
        file = self.place / ".".join(filter(None, (what, language, "json")))
        return file.read_bytes() if file.is_file() else None

    def languages(self) -> list[str]:
        """Those it has pages in, German first: without a list of languages nobody says which one is the main one."""
        found = sorted(file.name.split(".")[1] for file in self.place.glob(f"{PAGES}.*.json"))
        return sorted(found, key=lambda one: one != "de")


@dataclass(frozen=True, slots=True)
class Live:
    """A server that answers now."""

    server: Server
    address: str
    region: str
    hosts: Sequence[str]
    sleep: Callable[[float], None] = time.sleep

    @property
    def name(self) -> str:
        return self.address

    def get(self, what: str, language: str = "") -> bytes | None:
        path = _PATHS[what].format(region=quote(self.region), language=quote(language))
        address = f"{self.address}/api/v3/{path}"
        for pause in (*PAUSES, None):
            try:
                return self.server.get(address, most=MOST_ANSWER, hosts=self.hosts)
            except NotFound:
                return None
            except Unavailable:
                if pause is None:
                    raise
                self.sleep(pause)
        return None


@dataclass(slots=True)
class Answers:
    """What a city says. A list that is not in `lists` was not told; `single` are its imprints by language."""

    region: Object
    languages: Sequence[str]
    unknown: Sequence[str] = ()
    lists: dict[tuple[str, str], list[Object]] = field(default_factory=dict)
    single: dict[str, Object] = field(default_factory=dict)

    def of(self, what: str) -> Mapping[str, Sequence[Object]]:
        """A list by language, where it was told."""
        return {language: self.lists[what, language] for language in self.languages if (what, language) in self.lists}


def parts_of(address: str) -> tuple[str, str]:
    """A server's address and the region that may stand behind it; `Invalid` for what is no web address."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid("moving.address", say("“{address}” is no web address.", address=address[:100]))
    return f"{parts.scheme}://{parts.netloc}", next((part for part in parts.path.split("/") if part), "")


def hosts_of(address: str, others: Sequence[str] = ()) -> list[str]:
    """Names of the server at an address; one that begins with a dot stands for all that end like this."""
    host = (urlsplit(address).hostname or "").lower()
    return sorted({*others, *([host] if host else []), *([FAMILY] if f".{host}".endswith(FAMILY) else [])})


def is_host(host: str, hosts: Sequence[str]) -> bool:
    """Whether one of these names is meant."""
    return any(f".{host}".endswith(one) if one.startswith(".") else host == one for one in hosts)


def _as_news(sent: Object) -> Object:
    """A message as the list of news has it."""
    others = {language: {"id": f"local-{one.identity()}"} for language, one in sent.others.items()}
    said = {"id": f"local-{sent.identity()}", "content": sent.text("message"), "available_languages": others}
    return Object({"display_date": sent.text("timestamp"), **sent.values, **said})


def introduce(source: Source) -> Answers:
    """The city and its languages alone; `Invalid` when the source has no such city."""
    raw = source.get(REGION)
    region = read_object(raw, f"{source.name}, {REGION}") if raw else Object({})
    raw = source.get(LANGUAGES)
    listed = read_list(raw, f"{source.name}, {LANGUAGES}") if raw else region.objects(LANGUAGES)
    spoken = [one.text("code").lower() for one in listed]
    spoken = spoken or (source.languages() if isinstance(source, Folder) else [])
    known = {one["slug"] for one in tenants.registry()}
    languages = [one for one in dict.fromkeys(spoken) if one in known]
    if not languages:
        raise Invalid("moving.region", say("{name}: there is no such city, or it has no languages.", name=source.name))
    return Answers(region, languages, [one for one in spoken if one not in known])


def read(source: Source, watch: Watch) -> Answers:
    """Everything, language by language. `Unavailable` when something may come later: then nothing is half."""
    answers = introduce(source)
    steps = [(what, language) for language in answers.languages for what in (*LISTS, IMPRINT)]
    for number, (what, language) in enumerate(steps):
        watch(number / len(steps))
        raw, name = source.get(what, language), f"{source.name}, {what} {language}"
        sent = source.get(SENT, language) if raw is None and what == NEWS else None
        if what == IMPRINT and raw is not None:
            answers.single[language] = read_object(raw, name)
        elif raw is not None:
            answers.lists[what, language] = read_list(raw, name)
        elif sent is not None:
            answers.lists[what, language] = [_as_news(one) for one in read_list(sent, f"{source.name}, {SENT}")]
    if not answers.of(PAGES):
        raise Invalid("moving.region", say("{name}: there are no pages.", name=source.name))
    return answers
