"""Entries as editors see them: with every text, whether public or not, and where each stands against its source."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import defer

from cityinfo.features import tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.listing import PORTION, portions

from . import freshness, queries, rules
from .models import Entry, Text, Version
from .projection import nearest_sources
from .rules import Stage, State
from .types import ContentType, none_falls_back

MOST_LISTED = 200
_UNWRITTEN = (State.MISSING, State.FALLBACK)


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text with the title of its newest version, who wrote that and when."""

    text: Text
    title: str
    stage: Stage
    author: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry with its texts and, for every active language, where it stands."""

    entry: Entry
    texts: Mapping[str, WrittenText]
    states: Mapping[str, State]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What an editor looks for among the entries of a kind.

    `stage`, `review` and `state` are asked of the text in `language`, without one of any text. `archived` None shows
    both; `q` stands in a title, whatever its case; `among` None looks at all. `after` is the identity to go on after,
    in whichever direction.
    """

    q: str = ""
    archived: bool | None = False
    language: str = ""
    stage: Stage | None = None
    review: str = ""
    state: State | None = None
    among: Collection[int] | None = None
    after: int = 0
    newest_first: bool = False
    most: int = 50

    def sifts(self, kind: ContentType) -> bool:
        """Whether where something stands shows only after it was read."""
        return self.state in _UNWRITTEN and kind.falls_back is not none_falls_back

    def fits(self, draft: Draft) -> bool:
        asked = [self.language] if self.language else [*draft.states, *draft.texts]
        return self.state is None or any(draft.states.get(language) == self.state for language in asked)

    def is_said(self, titles: Mapping[str, str]) -> bool:
        """Whether one of the titles that count has what is looked for in it."""
        asked = [titles.get(self.language, "")] if self.language else titles.values()
        return any(self.q.casefold() in title.casefold() for title in asked)


def listing(db: Work, kind: ContentType, search: Search) -> tuple[list[Draft], int | None]:
    """A portion of the entries of a kind, by age, and the identity to go on after; None at the end.

    Whatever is looked for, one call reads at most 500 entries: a portion may be smaller than asked for, and yet not the
    last one. The number of statements is the same for every portion.
    """
    window = PORTION if search.q or search.sifts(kind) else search.most
    entries = _entries(db, kind.kind, search, window + 1)
    called = _called(db, entries[:window], search) if search.q else entries[:window]
    read = called if search.sifts(kind) else called[: search.most + 1]
    fitting = [one for one in drafts(db, kind, read) if search.fits(one)]
    chosen = fitting[: search.most]
    if len(fitting) > search.most:
        return chosen, chosen[-1].entry.id
    return chosen, entries[window - 1].id if len(entries) > window else None


def draft(db: Work, kind: ContentType, entry_id: int) -> Draft:
    """One entry; `NotFound` when there is none of this kind."""
    return drafts(db, kind, [queries.find_entry(db, entry_id, kind.kind)])[0]


def drafts_of(db: Work, kind: ContentType, entry_ids: Collection[int]) -> list[Draft]:
    """The entries with these identities, in no certain order."""
    entries = [entry for ids in portions(entry_ids) for entry in db.scalars(select(Entry).where(Entry.id.in_(ids)))]
    return drafts(db, kind, entries)


def drafts(db: Work, kind: ContentType, entries: Sequence[Entry]) -> list[Draft]:
    """These entries, in the same order. A fixed number of statements for every 500."""
    ids = [entry.id for entry in entries]
    texts = _texts(db, ids)
    states = _states(db, kind, ids, texts)
    languages = [slug for slug, row in tenants.tree(db).items() if row.active]
    return [
        Draft(entry, texts.get(entry.id, {}), {language: states[entry.id, language] for language in languages})
        for entry in entries
    ]


def _entries(db: Work, kind: str, search: Search, most: int) -> Sequence[Entry]:
    statement = select(Entry).where(Entry.kind == kind, *_beyond(search))
    statement = statement.order_by(Entry.id.desc() if search.newest_first else Entry.id).limit(most)
    if search.archived is not None:
        is_archived = Entry.archived_at.is_not(None)
        statement = statement.where(is_archived if search.archived else ~is_archived)
    if search.among is not None:
        statement = statement.where(Entry.id.in_(search.among))
    if search.stage or search.review:
        statement = statement.where(_has_text(*_asked(search)))
    if search.state is not None:
        statement = statement.where(_stands(db, search.state, search.language))
    return db.scalars(statement).all()


def _called(db: Work, entries: Sequence[Entry], search: Search) -> list[Entry]:
    """Those with what is looked for in a title. Titles are read before all else: of many entries few are shown."""
    titles = queries.titles_of(db, [entry.id for entry in entries])
    return [entry for entry in entries if search.is_said(titles.get(entry.id, {}))]


def _beyond(search: Search) -> Iterator[ColumnElement[bool]]:
    if search.after:
        yield Entry.id < search.after if search.newest_first else Entry.id > search.after


def _asked(search: Search) -> Iterator[ColumnElement[bool]]:
    if search.language:
        yield Text.language == search.language
    if search.stage is not None:
        yield freshness.STAGE.in_([search.stage.value])
    if search.review:
        yield Text.review_state == search.review


def _stands(db: Work, state: State, language: str) -> ColumnElement[bool]:
    """Whether an entry stands so in this language, or without one in any active language.

    Of what is not written it is found out later what readers are shown instead.
    """
    languages = [one for one in tenants.active_sources(db) if language in ("", one)]
    if state in _UNWRITTEN:
        return or_(false(), *(~_has_text(Text.language == one) for one in languages))
    return _has_text(Text.language.in_(languages), Text.state == state.value)


def _has_text(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return Entry.id.in_(select(Text.entry_id).where(*which))


def _texts(db: Work, ids: Collection[int]) -> dict[int, dict[str, WrittenText]]:
    found: dict[int, dict[str, WrittenText]] = {}
    for some in portions(ids):
        rows = db.execute(
            select(Text, Version)
            .join(Version, Version.id == Text.current_version_id)
            .options(defer(Version.content))  # lists show titles; contents would be most of what is read
            .where(Text.entry_id.in_(some))
            .order_by(Text.language)
        )
        for text, version in rows:
            stage = rules.stage(text.current_version_id, text.public_version_id)
            found.setdefault(text.entry_id, {})[text.language] = WrittenText(
                text, version.title, stage, version.author, version.created_at
            )
    return found


def _states(
    db: Work, kind: ContentType, ids: Collection[int], texts: Mapping[int, Mapping[str, WrittenText]]
) -> dict[tuple[int, str], State]:
    states = freshness.states(db, ids)
    falling_back = set(kind.falls_back(db, ids))
    for (entry_id, language), state in states.items():
        if state is State.MISSING and entry_id in falling_back:
            written = texts.get(entry_id, {})
            sources = (written.get(one) for one in nearest_sources(db, language))
            if any(one is not None and one.text.public_version_id is not None for one in sources):
                states[entry_id, language] = State.FALLBACK
    return states
