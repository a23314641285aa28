"""What a city should have here, gathered from all that was said of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cityinfo.features import contacts, events, imprint, locations, news, organizations, pages
from cityinfo.kernel.i18n import say

from . import reading
from .answers import Object
from .dates import events_of
from .grouping import Group, Rows, first, grouped, identity, key_of, said, without_place
from .organizations import organizations_of
from .places import categories_of, contacts_of, places_of
from .reading import Answers
from .trees import pages_of
from .types import Found, Report, Said, Wanted

_LISTS = {
    pages.KIND: reading.PAGES,
    locations.KIND: reading.LOCATIONS,
    contacts.KIND: reading.LOCATIONS,
    events.KIND: reading.EVENTS,
    news.KIND: reading.NEWS,
}


def gather(answers: Answers, zone: str, report: Report) -> Wanted:
    """All entries, those first that others name. What cannot be read is noted, and counts as being there."""
    lists = {kind: answers.of(what) for kind, what in _LISTS.items()}
    found = [
        *organizations_of([lists[pages.KIND], lists[locations.KIND]]),
        *places_of(lists[locations.KIND], answers.of(reading.ON_MAP)),
        *contacts_of(lists[locations.KIND]),
        *events_of(lists[events.KIND], zone, report),
        *pages_of(lists[pages.KIND], report),
        *_imprint(answers),
        *_messages(lists[news.KIND]),
    ]
    lost = [(kind, *one) for kind, rows in lists.items() if kind != news.KIND for one in without_place(rows)]
    for _, _, one in lost:
        report.note(one.title() or identity(one), say("It has no address there, so it does not come."))
    return Wanted(
        found=found,
        told=frozenset(_told(answers)),
        categories=categories_of(answers.of(reading.CATEGORIES), lists[locations.KIND]),
        kept=frozenset((kind, identity(one)) for kind, _, one in lost),
    )


def _told(answers: Answers) -> Iterator[tuple[str, str]]:
    for kind, what in _LISTS.items():
        yield from ((kind, language) for language in answers.of(what))
    yield from ((imprint.KIND, language) for language in answers.single)
    both = answers.of(reading.PAGES).keys() & answers.of(reading.LOCATIONS).keys()  # either may name one
    yield from ((organizations.KIND, language) for language in both)


def _imprint(answers: Answers) -> Iterator[Found]:
    texts = {language: said(one) for language, one in answers.single.items() if one.text("content")}
    if texts:
        known = {language: _as_imprint(one) for language, one in texts.items()}
        yield Found(kind=imprint.KIND, key=imprint.KIND, texts=known)


def _as_imprint(one: Said) -> Said:
    return Said(
        source=imprint.KIND,
        title=one.title or "Impressum",
        content=one.content,
        changed=one.changed,
        path=one.path,
        id_v3=one.id_v3,
    )


def _messages(rows: Rows) -> Iterator[Found]:
    """The city's own messages. They name each other by number, where other things do by address."""
    placed = {language: [_placed(language, one) for one in some if _number(one)] for language, some in rows.items()}
    for group in grouped(placed):
        yield _message(group)


def _placed(language: str, one: Object) -> Object:
    others = {other: {"path": f"/{other}/{named.text('id')}"} for other, named in one.others.items()}
    return Object({**one.values, "path": f"/{language}/{one.text('id')}", "available_languages": others})


def _number(one: Object) -> int:
    source, _, number = one.text("id").partition("-")
    return int(number) if source == "local" and number.isascii() and number.isdecimal() else 0


def _message(group: Group) -> Found:
    one = first(group)
    texts = {
        language: Said(
            source=str(_number(message)),
            title=message.title(),
            content=message.text("content"),
            changed=message.moment("last_updated"),
            path=message.path,
        )
        for language, message in group.items()
    }
    facts = {"push": False, "approved": True, "visible_from": one.moment("display_date") or one.moment("last_updated")}
    return Found(kind=news.KIND, key=key_of(group, _number(one)), texts=texts, facts=facts, id_v3=_number(one))
