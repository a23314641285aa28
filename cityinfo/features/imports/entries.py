"""Entries of every type from files beside a tenant's pages: one file a kind, with words in every language.

A file has a list of ``[[entry]]``: a `key` by which other entries name it, what its type says of it, and for each
language a table of words. An entry is found again by the address that its title makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from html import escape
from pathlib import Path
from typing import Any

from cityinfo.features import (
    contacts,
    content,
    events,
    imprint,
    locations,
    media,
    news,
    offers,
    organizations,
    pages,
    tenants,
)
from cityinfo.features.contacts import ContactFacts
from cityinfo.features.content import TextDraft
from cityinfo.features.events import EventFacts
from cityinfo.features.locations import Address, LocationFacts
from cityinfo.features.media import Library
from cityinfo.features.news import FeedEntry, MessageFacts
from cityinfo.features.offers import OfferFacts
from cityinfo.features.organizations import OrganizationFacts
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from .archive import front_matter, read_toml
from .dumps import naming
from .pictures import import_pictures

Row = Mapping[str, Any]
DEMO = Actor("import", "demo")
OFFERS, NEWS = "offers.toml", "news.toml"


class Keys:
    """What entries are called in the files, and who they are in the database."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}

    def note(self, kind: str, key: str, entry_id: int) -> None:
        self._known[kind, key] = entry_id

    def one(self, kind: str, key: str | None) -> int | None:
        return None if key is None else self.many(kind, [key])[0]

    def many(self, kind: str, keys: list[str]) -> list[int]:
        for key in keys:
            if (kind, key) not in self._known:
                raise Invalid("entries.key", say("there is no {kind} “{key}” before this one.", kind=kind, key=key))
        return [self._known[kind, key] for key in keys]


@dataclass(frozen=True, slots=True)
class Reader:
    """How the entries of one file are made."""

    kind: str
    file: str
    create: Callable[[Work, Row, Keys], int]
    show: Callable[[Work, int], None]


def import_entries(library: Library, slug: str, folder: Path) -> int:
    """Create what is new and save what says something else; returns how many entries are new.

    Pictures come first, each by itself; then all the rest or nothing.
    """
    tenant_id = _tenant_id(library.database, slug)
    pictures = import_pictures(library, tenant_id, folder, actor=DEMO)
    with library.database.unit_of_work(tenant_id, write=True) as db:
        keys = Keys()
        for key, media_id in pictures.items():
            keys.note(media.KIND, key, media_id)
        new = sum(_import_file(db, reader, folder / reader.file, keys) for reader in READERS)
        _switch_on(db, folder / OFFERS)
        _dress_pages(db, folder / "pages", keys)
        _follow(db, folder / NEWS)
        return new


def _tenant_id(database: Database, slug: str) -> int:
    with database.unit_of_work(NO_TENANT) as db:
        return tenants.find(db, slug).id


def _import_file(db: Work, reader: Reader, file: Path, keys: Keys) -> int:
    if not file.exists():
        return 0
    rows = read_toml(file).get("entry", [])
    with naming(str(file)):
        return sum(_import_row(db, reader, row, keys) for row in rows)


def _import_row(db: Work, reader: Reader, row: Row, keys: Keys) -> int:
    languages = [language for language in tenants.tree(db) if language in row]
    if not languages:
        raise Invalid("entries.words", say("“{key}” has no words in any language of the city.", key=row["key"]))
    with naming(f"“{row['key']}”"):
        known = _known(db, reader, languages[0], row[languages[0]]["title"])
        entry_id = known or reader.create(db, row, keys)
        keys.note(reader.kind, row["key"], entry_id)
        new_words = [_say(db, entry_id, language, row[language]) for language in languages]
        if any(new_words):
            reader.show(db, entry_id)
    return int(known is None)


def _known(db: Work, reader: Reader, language: str, title: str) -> int | None:
    return content.entry_at(db, reader.kind, language, content.slug_from(title))


def _say(db: Work, entry_id: int, language: str, words: Row) -> bool:
    """Save the words; returns whether they are new."""
    text = content.text_of(db, entry_id, language)
    revision, before = (text.revision, text.current_version_id) if text else (0, None)
    source = None if text else _source(db, entry_id, language)
    draft = TextDraft(title=words["title"], content=_content(words), revision=revision, based_on=source)
    return content.save_text(db, entry_id, language, draft, actor=DEMO).id != before


def _source(db: Work, entry_id: int, language: str) -> int | None:
    """What a first translation was made from: the words beside it, which nobody has published yet."""
    source = tenants.tree(db)[language].source
    text = content.text_of(db, entry_id, source) if source else None
    return text.current_version_id if text else None


def _content(words: Row) -> str:
    """The content, and what offers say in sections of their own."""
    parts = [words.get("content", "")]
    if "eligibility" in words:
        parts.append(f'<section class="eligibility"><p>{escape(words["eligibility"])}</p></section>')
    for name, tag in (("documents", "ul"), ("steps", "ol")):
        items = "".join(f"<li>{escape(item)}</li>" for item in words.get(name, ()))
        parts.append(f'<section class="{name}"><{tag}>{items}</{tag}></section>' if items else "")
    return "".join(parts)


def _organization(db: Work, row: Row, keys: Keys) -> int:
    facts = OrganizationFacts(
        sort=row.get("sort", "other"),
        website=row.get("website", ""),
        seal=row.get("seal", ""),
        logo=keys.one(media.KIND, row.get("logo")),
        part_of=keys.one(organizations.KIND, row.get("part_of")),
        project_of=keys.many(organizations.KIND, row.get("project_of", [])),
        partners=keys.many(organizations.KIND, row.get("partners", [])),
    )
    return organizations.create(db, facts, actor=DEMO).id


def _location(db: Work, row: Row, keys: Keys) -> int:
    names = ("categories", "latitude", "longitude", "hours", "temporarily_closed", "appointment_url", "accessibility")
    entrance = row.get("accessibility", {}).get("step_free_entrance")
    facts = LocationFacts(
        **{name: row[name] for name in names if name in row},
        address=Address(**row.get("address", {})),
        on_map="latitude" in row,
        barrier_free={"yes": True, "no": False}.get(entrance),
        organization=keys.one(organizations.KIND, row.get("organization")),
        picture=keys.one(media.KIND, row.get("picture")),
    )
    return locations.create(db, facts, actor=DEMO).id


def _contact(db: Work, row: Row, keys: Keys) -> int:
    names = ("phone", "mobile", "email", "website", "hours", "primary")
    facts = ContactFacts(
        **{name: row[name] for name in names if name in row},
        name=row.get("person", ""),
        location=keys.one(locations.KIND, row.get("location")),
        organization=keys.one(organizations.KIND, row.get("organization")),
    )
    return contacts.create(db, facts, actor=DEMO).id


def _offer(db: Work, row: Row, keys: Keys) -> int:
    names = ("sort", "audiences", "spoken", "age_from", "age_to", "cost_from", "cost_to", "link")
    days = row.get("deadline_in_days")
    facts = OfferFacts(
        **{name: row[name] for name in names if name in row},
        deadline=clock.now() + timedelta(days=days) if days else None,
        provider=keys.one(organizations.KIND, row.get("provider")),
        locations=keys.many(locations.KIND, row.get("locations", [])),
        contacts=keys.many(contacts.KIND, row.get("contacts", [])),
        picture=keys.one(media.KIND, row.get("picture")),
    )
    return offers.create(db, facts, actor=DEMO).id


def _event(db: Work, row: Row, keys: Keys) -> int:
    starts, ends = _times(row)
    facts = EventFacts(
        starts=starts,
        ends=ends,
        all_day="days" in row,
        rules=[row["rule"]] if "rule" in row else [],
        meeting_url=row.get("link", ""),
        location=keys.one(locations.KIND, row.get("location")),
        organization=keys.one(organizations.KIND, row.get("organizer")),
        picture=keys.one(media.KIND, row.get("picture")),
    )
    return events.create(db, facts, actor=DEMO).id


def _times(row: Row) -> tuple[datetime, datetime]:
    """What the clock on the wall shows; days count from today, so that there is always something to come."""
    if "start" in row:
        return datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    day = datetime.combine(clock.now().date() + timedelta(days=row["in_days"]), time())
    if "days" in row:
        return day, day + timedelta(days=row["days"])
    first, last = (time.fromisoformat(row[name]) for name in ("from", "to"))
    return datetime.combine(day, first), datetime.combine(day, last)


def _message(db: Work, row: Row, _keys: Keys) -> int:
    facts = MessageFacts(
        mode=row.get("mode", news.WRITTEN),
        push=False,
        visible_from=clock.now() - timedelta(days=row["days_ago"]),
    )
    return news.create(db, facts, actor=DEMO).id


def _approve(db: Work, message_id: int) -> None:
    news.approve(db, message_id, revision=content.find_entry(db, message_id).revision, actor=DEMO)


def _publish(db: Work, entry_id: int) -> None:
    for language in tenants.tree(db):
        text = content.text_of(db, entry_id, language)
        if text is not None:
            content.publish_text(db, entry_id, language, revision=text.revision, actor=DEMO)


def _switch_on(db: Work, file: Path) -> None:
    """Offers of other systems, by alias, each with the city's own address where its template asks for one."""
    wanted = read_toml(file).get("external") if file.exists() else None
    if wanted is not None:
        offers.set_external(db, wanted, actor=DEMO)


def _dress_pages(db: Work, folder: Path, keys: Keys) -> None:
    """What pages show of other entries: a picture, who stands behind them, offers of other systems."""
    for file in sorted(folder.rglob("page.toml")):
        facts = read_toml(file)
        with naming(str(file)):
            wanted = dict(_shown(db, facts, keys))
            page_id = _page_of(db, file.parent) if wanted else None
        if page_id is not None:
            revision = content.find_entry(db, page_id).revision
            pages.change(db, page_id, wanted, revision=revision, actor=DEMO)


def _shown(db: Work, facts: Row, keys: Keys) -> Iterator[tuple[str, Any]]:
    if "picture" in facts:
        picture = media.find(db, keys.many(media.KIND, [facts["picture"]])[0])
        yield "thumbnail", media.address(picture.key)
    if "organization" in facts:
        yield "organization", keys.one(organizations.KIND, facts["organization"])
    if "offers" in facts:
        yield "embedded_offers", facts["offers"]


def _page_of(db: Work, folder: Path) -> int | None:
    """The page of a folder, by the address of its first text."""
    first = next(file for one in tenants.tree(db) if (file := folder / f"{one}.html").exists())
    return content.entry_at(db, pages.KIND, first.stem, front_matter(first)[0]["slug"])


def _follow(db: Work, file: Path) -> None:
    """Feeds of other publishers that are new, with what they would say today."""
    rows = read_toml(file).get("feed", []) if file.exists() else []
    known = {(one.address, one.language) for one in news.feeds(db)}
    for row in rows:
        address, language = row["address"], row["language"]
        if (address, language) not in known:
            feed = news.add_feed(db, address, source=row["source"], language=language, actor=DEMO)
            news.merge_feed(db, feed.id, [_entry(item) for item in row["items"]])


def _entry(item: Row) -> FeedEntry:
    said = {name: item[name] for name in ("guid", "title", "summary", "link")}
    day = clock.now().date() - timedelta(days=item["days_ago"])
    return FeedEntry(**said, published_at=datetime.combine(day, time(9), UTC))


# In this order: an entry names only those before it.
READERS = (
    Reader(organizations.KIND, "organizations.toml", _organization, _publish),
    Reader(locations.KIND, "locations.toml", _location, _publish),
    Reader(contacts.KIND, "contacts.toml", _contact, _publish),
    Reader(offers.KIND, OFFERS, _offer, _publish),
    Reader(events.KIND, "events.toml", _event, _publish),
    Reader(imprint.KIND, "imprint.toml", lambda db, _row, _keys: imprint.open_imprint(db, actor=DEMO).id, _publish),
    Reader(news.KIND, NEWS, _message, _approve),
)
