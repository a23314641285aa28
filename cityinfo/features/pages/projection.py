"""What the public sees of pages, computed from what editors have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from cityinfo.features import content, organizations
from cityinfo.features.content import ContentType, Document, Entry, Key, Projection, PublicText, ShownVersion
from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.listing import portions

from . import queries
from .models import Page
from .queries import KIND


class _Sight:
    """Which pages can be seen in which language: its own text and those of all ancestors are public, none archived."""

    def __init__(self, pages: Mapping[int, tuple[Page, bool]], texts: Mapping[Key, PublicText]) -> None:
        self._pages = pages
        self._texts = texts
        self._known: dict[Key, bool] = {}

    def of(self, page_id: int | None, language: str) -> bool:
        if page_id is None:
            return True
        key = (page_id, language)
        if key not in self._known:
            self._known[key] = self._decide(page_id, language)
        return self._known[key]

    def _decide(self, page_id: int, language: str) -> bool:
        page, archived = self._pages.get(page_id, (None, True))
        return (
            page is not None
            and not archived
            and (page_id, language) in self._texts
            and self.of(page.parent_id, language)
        )


def affected(db: Work, page_ids: Collection[int], widely: bool) -> set[int]:
    """Pages whose documents may differ now: these, with `widely` all below them, and all that mirror one of them."""
    found = queries.below(db, page_ids) if widely else set(page_ids)
    return found | queries.mirroring(db, found)


def project(db: Work, page_ids: Collection[int], active: Collection[str], languages: Collection[str]) -> Projection:
    """What the public sees of these pages: documents in `languages`, outlines over all `active` ones."""
    pages = queries.with_ancestors(db, page_ids)
    sources = {pages[one][0].mirrors_id for one in page_ids if one in pages} - {None}
    pages |= queries.with_ancestors(db, [one for one in sources if one is not None])
    texts = content.public_texts(db, pages, active)
    sight = _Sight(pages, texts)
    seen = [(one, language) for one in page_ids for language in active if sight.of(one, language)]
    slugs, former = content.slugs(db, {page_id for page_id, _ in seen})
    maker = _Maker(pages, texts, sight, slugs, _foreign_ids(db, [page_id for page_id, _ in seen]))
    responsible = organizations.of_entries(db, page_ids, languages)
    shown = queries.embedded_offers(db, page_ids)
    wanted = [key for key in seen if key[1] in languages]
    versions = content.shown_versions(db, {texts[key].version_id for key in maker.with_sources(wanted)})
    return Projection(
        documents=[
            maker.document(key, versions, {"organization": responsible.get(key), "offers": shown.get(key[0], [])})
            for key in wanted
        ],
        outlines=maker.outlines(seen, former),
        due=content.due(db, page_ids),
    )


def with_mirrored(db: Work, page_id: int, language: str, own: str) -> str:
    """Words of a page, published or not, together with those that readers see on it of the page it mirrors."""
    page = queries.find(db, page_id)
    if page.mirrors_id is None:
        return own
    pages = queries.with_ancestors(db, [page.mirrors_id])
    texts = content.public_texts(db, pages, [language])
    if not _Sight(pages, texts).of(page.mirrors_id, language):
        return own
    mirrored = content.version(db, texts[page.mirrors_id, language].version_id)
    return _joined(own, mirrored.content if mirrored else "", mirrored_first=page.mirrored_first)


class _Maker:
    """Makes documents and outlines from what was loaded for a projection."""

    def __init__(
        self,
        pages: Mapping[int, tuple[Page, bool]],
        texts: Mapping[Key, PublicText],
        sight: _Sight,
        slugs: Mapping[Key, str],
        foreign_ids: Mapping[int, int | None],
    ) -> None:
        self._pages = pages
        self._texts = texts
        self._sight = sight
        self._slugs = slugs
        self._foreign_ids = foreign_ids

    def with_sources(self, keys: Collection[Key]) -> set[Key]:
        """These texts and the ones they mirror."""
        return {*keys, *(source for key in keys if (source := self._source(key)))}

    def document(self, key: Key, versions: Mapping[int, ShownVersion], others: Mapping[str, Any]) -> Document:
        page_id, language = key
        page = self._pages[page_id][0]
        own = versions[self._texts[key].version_id]
        source = self._source(key)
        mirrored = versions[self._texts[source].version_id] if source else None
        words = _joined(own.content, mirrored.content if mirrored else "", mirrored_first=page.mirrored_first)
        body = {
            "id": page_id,
            "kind": KIND,
            "language": language,
            "parent": page.parent_id,
            "position": page.position,
            "slug": self._slugs[key],
            "title": own.title,
            "content": words,
            "excerpt": html.excerpt(words),
            "thumbnail": page.thumbnail or None,
            "changed_at": max(one.changed_at for one in (own, mirrored) if one).isoformat(timespec="milliseconds"),
            "origin": own.origin,
            **others,
            "v3": {"id": self._v3_id(key), "entry_id": self._foreign_ids.get(page_id) or page_id},
        }
        return Document(page_id, language, body)

    def outlines(self, seen: Collection[Key], former: Mapping[Key, list[str]]) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for key in seen:
            page_id, language = key
            parent = self._pages[page_id][0].parent_id
            outline = found.setdefault(page_id, {"id": page_id, "kind": KIND, "parent": parent, "texts": {}})
            text = {"slug": self._slugs[key], "v3_id": self._v3_id(key)}
            outline["texts"][language] = {**text, "former": former[key]} if key in former else text
        return found

    def _source(self, key: Key) -> Key | None:
        source_id = self._pages[key[0]][0].mirrors_id
        visible = source_id is not None and self._sight.of(source_id, key[1])
        return (source_id, key[1]) if source_id is not None and visible else None

    def _v3_id(self, key: Key) -> int:
        return self._texts[key].number


def _joined(own: str, mirrored: str, *, mirrored_first: bool) -> str:
    return mirrored + own if mirrored_first else own + mirrored


def _foreign_ids(db: Work, page_ids: Collection[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for ids in portions(set(page_ids)):
        found.update(db.execute(select(Entry.id, Entry.v3_id).where(Entry.id.in_(ids))).all())
    return found


PAGES = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=content.pass_time,
    one_language=True,
)
