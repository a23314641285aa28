"""What stands in a tenant already, and which of it an import means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cityinfo.features import content, pages, tenants
from cityinfo.features.content import Address, Entry, Text, Version
from cityinfo.features.pages import Node, Page
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from .types import Plan, Planned, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A text as it stands here: what editors see of it, and the version that readers see."""

    entry_id: int
    language: str
    revision: int
    v3_id: int | None
    slug: str
    title: str
    content: str
    origin: str
    changed_at: datetime
    based_on: int | None
    is_public: bool


@dataclass(frozen=True, slots=True)
class Stamp:
    """A version of a source text and its time."""

    version_id: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Everything of a tenant that an import may meet. `stamps` are public versions, current ones where none is."""

    nodes: Mapping[int, Node]
    thumbnails: Mapping[int, str]
    entry_v3_ids: Mapping[int, int]
    texts: dict[tuple[int, str], Standing]
    stamps: dict[tuple[int, str], Stamp]
    slugs: Mapping[tuple[str, str], int]
    text_v3_ids: Mapping[int, tuple[int, str]]


def any_tenant(db: Work) -> bool:
    """Whether there is a tenant at all, archived ones included."""
    return db.scalar(select(tenants.Tenant.id).limit(1)) is not None


def inventory(db: Work) -> Inventory:
    """Read it all at once: a fixed number of statements for every 500 texts."""
    nodes = {node.id: node for node in pages.tree(db)}
    facts = db.execute(select(Page.id, Page.thumbnail, Entry.v3_id).join(Entry, Entry.id == Page.id)).all()
    texts = db.execute(select(Text, Entry.kind).join(Entry, Entry.id == Text.entry_id)).all()
    versions = _versions(
        db, {text.current_version_id for text, _ in texts} | {text.public_version_id for text, _ in texts}
    )
    addresses = db.scalars(select(Address).where(Address.kind == pages.KIND)).all()
    of_pages = [text for text, kind in texts if kind == pages.KIND]
    return Inventory(
        nodes=nodes,
        thumbnails={page_id: thumbnail for page_id, thumbnail, _ in facts},
        entry_v3_ids={v3_id: page_id for page_id, _, v3_id in facts if v3_id is not None},
        texts=_standing(of_pages, versions, addresses),
        stamps=_stamps(of_pages, versions),
        slugs={(address.language, address.slug): address.entry_id for address in addresses},
        text_v3_ids={text.v3_id: (text.entry_id, text.language) for text, _ in texts if text.v3_id is not None},
    )


def found_again(plan: Plan, known: Inventory) -> dict[int, int]:
    """Which planned page is which page here, by key: texts are found by foreign id, else by address, else by what they
    name as their text in another language. Raises `Conflict` where this leads to two pages, or two lead to one.
    """
    found: dict[int, int] = {}
    taken: dict[int, Planned] = {}
    for planned in plan.pages:
        entry_id = _entry_of(planned, known)
        if entry_id is None:
            continue
        if entry_id in taken:
            says = say("it is the same page here as {path}, by id or address.", path=_path(taken[entry_id]))
            raise Conflict("import.same_page", say("{where}: {says}", where=planned.where, says=says))
        taken[entry_id] = planned
        found[planned.key] = entry_id
    return found


def newest_import(db: Work, entry_id: int, language: str) -> Version | None:
    """What the text said when an import last wrote it."""
    versions = content.versions(db, entry_id, language)
    return next((version for version in versions if version.origin == content.IMPORTED), None)


def paths(known: Inventory, region: str) -> dict[tuple[int, str], str]:
    """The address of every text here, as in `/region/de/housing/`; parts without a text are left out."""
    found = {}
    for entry_id, language in known.texts:
        slugs: list[str] = []
        step: int | None = entry_id
        while step is not None:
            text = known.texts.get((step, language))
            slugs += [text.slug] if text else []
            step = known.nodes[step].parent_id
        found[entry_id, language] = "/".join(["", region, language, *reversed(slugs), ""])
    return found


def _versions(db: Work, version_ids: set[int | None]) -> dict[int | None, Version]:
    found: dict[int | None, Version] = {}
    for ids in portions(version_ids - {None}):
        found.update({row.id: row for row in db.scalars(select(Version).where(Version.id.in_(ids)))})
    return found


def _standing(
    texts: Sequence[Text], versions: Mapping[int | None, Version], addresses: Sequence[Address]
) -> dict[tuple[int, str], Standing]:
    slugs: dict[tuple[int, str], str] = {}
    for address in sorted(addresses, key=lambda one: one.role):  # a slug that waits for publication comes last
        if address.role != content.FORMER:
            slugs[address.entry_id, address.language] = address.slug
    found = {}
    for text in texts:
        version = versions.get(text.current_version_id)
        if version is not None:
            found[text.entry_id, text.language] = Standing(
                entry_id=text.entry_id,
                language=text.language,
                revision=text.revision,
                v3_id=text.v3_id,
                slug=slugs.get((text.entry_id, text.language), ""),
                title=version.title,
                content=version.content,
                origin=version.origin,
                changed_at=version.changed_at,
                based_on=version.based_on_id,
                is_public=text.public_version_id is not None,
            )
    return found


def _stamps(texts: Sequence[Text], versions: Mapping[int | None, Version]) -> dict[tuple[int, str], Stamp]:
    shown = {
        (text.entry_id, text.language): versions.get(text.public_version_id) or versions.get(text.current_version_id)
        for text in texts
    }
    return {key: Stamp(version.id, version.changed_at) for key, version in shown.items() if version is not None}


def _entry_of(planned: Planned, known: Inventory) -> int | None:
    candidates = {
        language: entry_id
        for language, words in planned.texts.items()
        if (entry_id := _entry_of_text(words, language, known)) is not None
    }
    if len(set(candidates.values())) > 1:
        languages = " and ".join(candidates)
        raise Conflict(
            "import.two_pages",
            say(
                "{where}: its texts in {languages} belong to different pages here.",
                where=planned.where,
                languages=languages,
            ),
        )
    return next(iter(candidates.values()), None)


def _entry_of_text(words: Words, language: str, known: Inventory) -> int | None:
    entry_id, there = known.text_v3_ids.get(words.v3_id or 0, (None, language))
    if entry_id is not None and (there != language or entry_id not in known.nodes):
        raise Conflict(
            "import.id_taken",
            say("{where}: the id {v3_id} belongs to another text here.", where=words.where, v3_id=words.v3_id),
        )
    if entry_id is None:
        entry_id = known.slugs.get((language, words.slug))
    return entry_id or _entry_of_counterpart(words, known)


def _entry_of_counterpart(words: Words, known: Inventory) -> int | None:
    for language, v3_id in words.counterparts.items():
        entry_id, there = known.text_v3_ids.get(v3_id, (None, ""))
        if entry_id in known.nodes and there == language:
            return entry_id
    return None


def _path(planned: Planned) -> str:
    return next(iter(planned.texts.values())).path
