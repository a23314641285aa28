"""Reading where translations stand, and one beside its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select

from cityinfo.features import content, tenants
from cityinfo.features.content import MACHINE, Condition, Entry, Stage, State, Text, Version
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say

from .alignment import Alignment, Known, Said, Side, align
from .models import SaidPassage
from .rules import Survey


@dataclass(frozen=True, kw_only=True)
class Translation:
    """A text beside its source. `shown` is the version of the source, `before` the one it was made from, if known.

    `stage` is how far the source is on its way to readers.
    """

    language: str
    source: str
    stage: Stage
    shown: Version
    before: Version | None
    text: Text | None
    current: Version | None
    state: State
    alignment: Alignment


def survey(
    db: Work,
    kind: str,
    languages: Collection[str],
    *,
    parents: Mapping[int, int | None] | None = None,
    beside: Select[int] | None = None,
) -> Survey:
    """Where every text of a kind stands in these languages. At most five statements, whatever their number.

    `parents` says what every entry hangs under, in the order in which people see them; without it they stand in no
    tree. What hangs under something archived is left out. Entries `beside` it are of other kinds: each kind of them is
    a chapter, after those of the tree.
    """
    active = tenants.active_sources(db)
    sources = {one: source for one, source in active.items() if one in languages}
    read = [one for one in active if one in {*sources, *sources.values()}]
    own, found = content.conditions(db, read, Entry.kind == kind)
    others: dict[int, str] = {}
    if beside is not None:
        others, further = content.conditions(db, read, Entry.id.in_(beside))
        found |= further
    return Survey(found, sources, parents or {}, own, others)


def totals(
    db: Work, kind: str, *, without: Select[int], within: Select[int] | None = None
) -> dict[str, Counter[Condition | None]]:
    """How many texts stand where in every language that is translated into, as `content.count_conditions` says it.

    The entries are those of a kind, `without` some and `within` others. One statement.
    """
    which = [Entry.kind == kind, Entry.id.not_in(without)]
    if within is not None:
        which.append(Entry.id.in_(within))
    return _translated(db, content.count_conditions(db, *which))


def totals_beside(db: Work, beside: Select[int], kinds: Collection[str]) -> dict[str, Counter[Condition | None]]:
    """The same of entries of other kinds, those of these kinds among them that are not archived. One statement."""
    which = (Entry.id.in_(beside), Entry.kind.in_(kinds), Entry.archived_at.is_(None))
    return _translated(db, content.count_conditions(db, *which))


def _translated(db: Work, counts: Mapping[str, Counter[Condition | None]]) -> dict[str, Counter[Condition | None]]:
    return {language: counts[language] for language, source in tenants.active_sources(db).items() if source is not None}


def translation(db: Work, entry_id: int, language: str, *, instead: Side | None = None) -> Translation:
    """A text, or the words `instead` of it, beside what readers see of its source, or beside its newest version.

    `NotFound` when this language is no translation here, or when there is nothing to translate.
    """
    source = source_of(db, language)
    original = content.text_of(db, entry_id, source)
    shown = content.version(db, original.public_version_id or original.current_version_id) if original else None
    if original is None or shown is None:
        raise NotFound(
            "translation.source", say("There is no text in {source} yet that could be translated.", source=source)
        )
    text = content.text_of(db, entry_id, language)
    current = content.version(db, text.current_version_id) if text else None
    before = _made_from(db, current, original)
    return Translation(
        language=language,
        source=source,
        stage=content.stage(original.current_version_id, original.public_version_id),
        shown=shown,
        before=before,
        text=text,
        current=current,
        state=content.states(db, [entry_id]).get((entry_id, language), State.MISSING),
        alignment=align(_known(db, shown, before, text, current, instead)),
    )


def _known(
    db: Work, shown: Version, before: Version | None, text: Text | None, current: Version | None, instead: Side | None
) -> Known:
    return Known(
        now=_side(shown),
        before=_side(before) if before else None,
        target=instead or (_side(current) if current else None),
        said=said(db, text.id) if text else (),
        machine=current is not None and current.origin == MACHINE,
    )


def _made_from(db: Work, current: Version | None, original: Text) -> Version | None:
    """What its translator was shown, if that is a version of the present source."""
    before = content.version(db, current.based_on_id) if current else None
    return before if before is not None and before.text_id == original.id else None


def can_be_translated(db: Work, entry_id: int, language: str) -> bool:
    """Whether this language is a translation here and there are words in its source."""
    row = tenants.tree(db).get(language)
    original = content.text_of(db, entry_id, row.source) if row and row.source else None
    return original is not None and original.current_version_id is not None


def source_of(db: Work, language: str) -> str:
    """The language that a language is translated from; `NotFound` for one that is no translation here."""
    row = tenants.tree(db).get(language)
    if row is None or row.source is None:
        raise NotFound(
            "translation.language", say("This city does not translate into “{language}”.", language=language)
        )
    return row.source


def said(db: Work, text_id: int) -> list[Said]:
    """What translators have said of passages of this text."""
    rows = db.scalars(select(SaidPassage).where(SaidPassage.text_id == text_id).order_by(SaidPassage.number))
    return [Said(row.source, row.target, row.settled) for row in rows]


def _side(version: Version) -> Side:
    return Side(version.title, version.content)
