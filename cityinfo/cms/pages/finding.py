"""Pages found by words, by state and by what they wait for: the list that takes the place of the tree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cityinfo.cms import states
from cityinfo.cms.kinds import kinds_read
from cityinfo.cms.waiting import waiting
from cityinfo.features import content, pages, tenants
from cityinfo.features.content import Search, Stage, State
from cityinfo.features.pages import PAGES
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from .rows import Row, list_rows

ON_A_SHEET = 50
ARCHIVED = "archived"
_WANTED = {
    states.OUTDATED: {"state": State.OUTDATED},
    states.MISSING: {"state": State.MISSING},
    states.MACHINE: {"state": State.MACHINE_MADE},
    states.DRAFT: {"stage": Stage.DRAFT},
    states.REVIEW: {"review": content.REQUESTED},
    ARCHIVED: {"archived": True},
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Pages on one screen, the one to go on after, and how many there are in all where that is known."""

    rows: Sequence[Row]
    following: int | None = None
    total: int | None = None


def found(db: Work, looked_for: Mapping[str, str], *, after: int, actor: Actor) -> Sheet:
    """What fits everything that is looked for: `q`, `language`, `state`, `waits`, and `mine` for what one may write."""
    language = looked_for["language"]
    opens = _waiting(db, looked_for["waits"], language, actor) if looked_for["waits"] else None
    choices = [opens] if opens is not None else []
    if looked_for["q"]:
        choices.append(dict.fromkeys(content.entries_saying(db, PAGES.kind, looked_for["q"], language=language), ""))
    writable = _writable(db, language, actor) if looked_for["mine"] else None
    if writable is not None:
        choices.append(dict.fromkeys(writable, ""))
    among = set.intersection(*map(set, choices)) if choices else None
    wanted: Any = _WANTED.get(looked_for["state"], {})
    search = Search(language=language, among=among, after=after, most=ON_A_SHEET, **wanted)
    drafts, following = content.listing(db, PAGES, search)
    is_counted = opens is not None and not (looked_for["q"] or wanted)
    return Sheet(list_rows(db, drafts, opens or {}), following, len(among or ()) if is_counted else None)


def elsewhere(db: Work, looked_for: Mapping[str, str], *, actor: Actor) -> Sequence[content.Found]:
    """What else has the words that are looked for in its title, of all kinds whose texts are written here."""
    wanted, kinds = looked_for["q"][: content.MOST_TITLE], kinds_read(actor) - {PAGES.kind}
    if not wanted or not kinds:
        return ()
    language = looked_for["language"] or tenants.root_language(db)
    return content.titles_saying(db, kinds, wanted, language=language)


def _waiting(db: Work, reason: str, language: str, actor: Actor) -> dict[int, str]:
    """Pages that wait, with the language that does, the longest waiting one of each."""
    opens: dict[int, str] = {}
    for row in waiting(db, reason, actor, [PAGES.kind]):
        if language in ("", row.language):
            opens.setdefault(row.entry_id, row.language)
    return opens


def _writable(db: Work, language: str, actor: Actor) -> Collection[int] | None:
    """Pages that one may write in this language, or in the city's own; None for all."""
    roots = actor.reach("write", PAGES.kind, language=language or tenants.root_language(db))
    return None if roots is None else pages.below(db, roots)
