"""A text with everything the editing screen shows around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g

from cityinfo.cms.kinds import KINDS, Kind, readable_kind
from cityinfo.cms.states import Standing, standing
from cityinfo.cms.words import author_name
from cityinfo.features import accounts, comments, content, pages, quality, tenants, upstream
from cityinfo.features.content import Autosave, Draft, Text, Version
from cityinfo.features.pages import PAGES
from cityinfo.features.quality import Findings
from cityinfo.features.tenants import Language
from cityinfo.features.upstream import Tie
from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from .exchange import Exchange, exchange
from .offering import Offering, offering
from .shown import Shown, shown


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the entry's languages."""

    language: Language
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What someone who opens a text sees. Without `text` it is the first one in this language."""

    kind: Kind
    entry_id: int | None
    language: Language
    title: str
    tabs: Sequence[Tab]
    text: Text | None = None
    current: Version | None = None
    public: Version | None = None
    slug: str = ""
    path: Sequence[str] = ()
    kept: Autosave | None = None
    versions: Sequence[Version] = ()
    names: Mapping[str, str]
    me: str
    may_write: bool
    may_publish: bool
    public_elsewhere: Sequence[Language] = ()
    findings: Findings | None = None
    open_comments: int = 0
    read_only: Shown | None = None  # the words as readers see them, for someone who may not write them
    offering: Offering | None = None
    tie: Tie | None = None  # where it came from
    template: str = ""  # what that city is called
    exchange: Exchange | None = None

    @property
    def back(self) -> str:
        """The screen it was opened from."""
        return self.kind.address(g.city.slug, self.entry_id)

    @property
    def revision(self) -> int:
        return self.text.revision if self.text else 0

    @property
    def standing(self) -> Standing:
        return next(tab.standing for tab in self.tabs if tab.language.slug == self.language.slug)

    @property
    def is_new_to_readers(self) -> bool:
        """Whether there is something that readers do not see yet."""
        return self.text is None or self.text.current_version_id != self.text.public_version_id

    @property
    def unsaved(self) -> Autosave | None:
        """This person's own words that are no version, if they say something else."""
        if self.kept is None or self.current is None:
            return self.kept
        same = (self.kept.title, self.kept.content) == (self.current.title, self.current.content)
        return None if same else self.kept

    def name(self, author: str) -> str:
        return author_name(author, self.names)


def desk(db: Work, entry_id: int, language: str, *, actor: Actor, typed: str | None = None) -> Desk:
    """Everything about one text, or about what was `typed` instead of it. A fixed number of statements."""
    kind = readable_kind(db, entry_id, language, actor)
    draft = content.draft(db, kind.content_type, entry_id)
    spoken = city_languages(db)
    text = content.text_of(db, entry_id, language)
    current = content.version(db, text.current_version_id) if text else None
    titles = {slug: one.title for slug, one in draft.texts.items()}
    return Desk(
        kind=kind,
        entry_id=entry_id,
        language=spoken_here(spoken, language),
        title=content.name(titles, language, tenants.root_language(db))[0],
        tabs=[Tab(one, standing(draft, slug)) for slug, one in spoken.items()],
        text=text,
        current=current,
        findings=_findings(db, entry_id, language, current, typed),
        public=content.version(db, text.public_version_id) if text else None,
        open_comments=comments.count_open(db, [entry_id]).get(entry_id, {}).get(language, 0),
        offering=offering(db, draft.entry, language, actor=actor),
        **_origin(db, kind, entry_id, language, actor),
        slug=content.slug_of(db, entry_id, language) or "",
        path=_path(db, kind, entry_id, language),
        kept=content.autosave_of(db, entry_id, language, actor),
        versions=content.version_heads(db, entry_id, language),
        names=accounts.names(db),
        me=str(actor),
        **_rights(db, kind, entry_id, language, current, actor),
        public_elsewhere=_public(draft, spoken),
    )


def _rights(
    db: Work, kind: Kind, entry_id: int, language: str, current: Version | None, actor: Actor
) -> dict[str, Any]:
    """What this person may do with the text; whoever may not write it reads it as readers do."""
    about: dict[str, Any] = {"entry_id": entry_id, "language": language}
    may_write = actor.may("write", kind.name, **about)
    return {
        "may_write": may_write,
        "may_publish": kind.is_published_here and actor.may("publish", kind.name, **about),
        "read_only": shown(db, kind.name, entry_id, current, language) if current and not may_write else None,
    }


def _origin(db: Work, kind: Kind, entry_id: int, language: str, actor: Actor) -> dict[str, Any]:
    """Where the entry came from, and what that city is called, its address where it is gone; what others have of it."""
    tie = upstream.tie(db, entry_id)
    city = tenants.at(db, tie.source) if tie else None
    return {
        "tie": tie,
        "template": city.full_name if city else tie.source if tie else "",
        "exchange": exchange(db, kind.name, entry_id, language, actor=actor),
    }


def empty_desk(db: Work, under: int | None, *, actor: Actor) -> Desk:
    """The screen of a page that is not there yet, in the city's own language."""
    spoken = city_languages(db)
    root = tenants.root_language(db)
    beside = under if under is not None else 0
    return Desk(
        kind=KINDS[PAGES.kind],
        entry_id=None,
        language=spoken[root],
        title="",
        tabs=(),
        path=_path_to(db, under, root),
        names=accounts.names(db),
        me=str(actor),
        may_write=actor.may("write", PAGES.kind, entry_id=beside, language=root),
        may_publish=actor.may("publish", PAGES.kind, entry_id=beside, language=root),
    )


def _public(draft: Draft, spoken: Mapping[str, Language]) -> list[Language]:
    """The languages in which readers see it."""
    return [spoken[slug] for slug, one in draft.texts.items() if one.text.public_version_id and slug in spoken]


def _findings(db: Work, entry_id: int, language: str, current: Version | None, typed: str | None) -> Findings | None:
    if typed is None and current is None:
        return None
    written = current.content if typed is None and current else html.sanitise(typed or "")
    return quality.findings(db, written, language, entry_id=entry_id)


def city_languages(db: Work) -> dict[str, Language]:
    """The languages of the city in the order of its tree."""
    registry = tenants.languages(db)
    return {slug: registry[slug] for slug, row in tenants.tree(db).items() if row.active}


def spoken_here(spoken: Mapping[str, Language], language: str) -> Language:
    if language not in spoken:
        raise NotFound("language.unknown", say("This city does not write in “{language}”.", language=language))
    return spoken[language]


def _path(db: Work, kind: Kind, entry_id: int, language: str) -> list[str]:
    if kind.content_type is not PAGES:
        return [language, *filter(None, kind.content_type.path.split("/"))]
    return _path_to(db, pages.find(db, entry_id).parent_id, language)


def _path_to(db: Work, entry_id: int | None, language: str) -> list[str]:
    """The addresses of the pages above, as far as they have one in this language."""
    above = list(pages.path_upwards(db, entry_id))
    roles = {(row.entry_id, row.role): row.slug for row in content.addresses(db, above) if row.language == language}
    shown = (roles.get((one, content.RESERVED)) or roles.get((one, content.CURRENT)) for one in reversed(above))
    return [language, *(slug for slug in shown if slug)]
