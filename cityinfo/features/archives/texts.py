"""The words of an archive in a tenant: sources before translations, what readers see before what shall replace it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cityinfo.features import accounts, content, news, pages, tenants
from cityinfo.features.content import NO_VERSION, TextDraft, Version
from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, naming
from cityinfo.kernel.i18n import say

from . import markup
from .doors import Ground
from .kinds import of_link
from .types import DRAFT, OLDER, PUBLIC, Archive, Item, Note, Report, Text, Words


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text belongs, in the archive and here."""

    item: Item
    entry_id: int
    language: str
    text: Text

    @property
    def where(self) -> str:
        return self.text.where or f"{self.item.kind} {self.item.name}, {self.language}"


@dataclass(slots=True)
class Texts:
    """One pass over all texts. `ids` are the entries, by kind and name."""

    ground: Ground
    archive: Archive
    ids: Mapping[tuple[str, str], int]
    report: Report
    _sources: dict[str, str | None] = field(init=False)

    def __post_init__(self) -> None:
        self._sources = {language: row.source for language, row in tenants.tree(self.ground.db).items()}

    def bring(self) -> None:
        for language in sorted(self._sources, key=self._depth):
            for item in self.archive.items:
                if language in item.texts:
                    place = _Place(item, self.ids[item.kind, item.name], language, item.texts[language])
                    with naming(place.where):
                        self._bring(place)

    def _depth(self, language: str) -> int:
        source = self._sources[language]
        return 0 if source is None else 1 + self._depth(source)

    def _bring(self, place: _Place) -> None:
        db = self.ground.db
        before, versions = _state(db, place), content.versions(db, place.entry_id, place.language)
        was_edited = bool(versions) and versions[0].origin == content.HUMAN
        is_news = not was_edited or self._is_news(place, versions)
        if was_edited and not self._says(versions[0], place):
            kept = "the archive has something newer; what was edited is in the history"
            self._note(place, f"edited here; {kept}" if is_news else "edited here; the archive has nothing newer")
        if is_news:
            self._write(place)
        self._write_beside(place)
        self.report.texts.count(is_new=before is None, is_changed=_state(db, place) != before)

    def _write(self, place: _Place) -> None:
        is_new = content.text_of(self.ground.db, place.entry_id, place.language) is None
        if is_new:
            self._save_past(place, place.text.earlier)
        if place.text.public is not None and place.item.kind != news.KIND:
            self._save(place, place.text.public, slug=place.text.slug, public=True)
            if is_new:
                self._save_past(place, place.text.between)
            if place.text.draft is not None:
                self._save(place, place.text.draft, slug=place.text.new_slug, public=False)
        else:
            slug = place.text.new_slug or place.text.slug
            self._save(place, place.text.newest, slug=slug, public=False)

    def _save_past(self, place: _Place, versions: Sequence[Words]) -> None:
        """Words of before, where nothing is yet: one version after the other, as they were saved."""
        for words in versions:
            known = content.text_of(self.ground.db, place.entry_id, place.language)
            draft = self._draft(place, words, known, slug=place.text.new_slug or place.text.slug)
            save = pages.save_text if place.item.kind == pages.KIND else content.save_text
            past = replace(draft, based_on=NO_VERSION, v3_id=None)
            save(self.ground.db, place.entry_id, place.language, past, actor=self.ground.actor)

    def _save(self, place: _Place, words: Words, *, slug: str, public: bool) -> None:
        db, actor = self.ground.db, self.ground.actor
        known = content.text_of(db, place.entry_id, place.language)
        shown = content.version(db, known.public_version_id) if known and public else None
        draft = self._draft(place, words, known, slug=slug)
        if shown is not None and place.text.draft is not None and _same(shown, draft):
            return  # what follows stands here already, or is saved in a moment
        save = pages.save_text if place.item.kind == pages.KIND else content.save_text
        save(db, place.entry_id, place.language, draft, actor=actor)
        text = content.find_text(db, place.entry_id, place.language)
        if public and text.public_version_id != text.current_version_id:
            content.publish_text(db, place.entry_id, place.language, revision=text.revision, actor=actor)

    def _draft(self, place: _Place, words: Words, known: content.Text | None, *, slug: str) -> TextDraft:
        return TextDraft(
            title=words.title,
            content=self._content(words),
            revision=known.revision if known else 0,
            slug=slug or None,
            based_on=self._based_on(place, words, known),
            minor=words.minor,
            origin=content.MACHINE if words.by_machine else content.IMPORTED,
            changed_at=words.changed,
            v3_id=place.text.id_v3,
            author=_author(words),
            saved_at=words.saved,
        )

    def _content(self, words: Words) -> str:
        return html.sanitise(markup.rewritten(html.sanitise(words.content), self._number))

    def _number(self, kind: str, address: str) -> str:
        if kind != markup.ANY:
            return str(self._id(kind, address))
        target, language = markup.apart(address, "#")
        found = of_link(target)
        if found is None:
            raise Invalid("archive.link", say("“{address}” leads to no entry.", address=f"entry:{address}"[:80]))
        return f"{self._id(*found)}{'/' if language else ''}{language}"

    def _id(self, kind: str, name: str) -> int:
        if (kind, name) not in self.ids:
            raise Invalid("archive.link", say("“{address}” leads to no entry.", address=f"{kind} {name}"[:80]))
        return self.ids[kind, name]

    def _based_on(self, place: _Place, words: Words, known: content.Text | None) -> int | None:
        """Words that do not say what they were made from stay with it, or were made from what the source says now."""
        source_language = self._sources[place.language]
        source = content.text_of(self.ground.db, place.entry_id, source_language) if source_language else None
        if source is None:
            return None
        public = source.public_version_id or source.current_version_id
        if words.based_on == OLDER:
            return NO_VERSION
        if words.based_on == DRAFT:
            return source.current_version_id
        if words.based_on == PUBLIC:
            return public
        current = content.version(self.ground.db, known.current_version_id) if known else None
        stays = current is not None and (current.title, current.content) == (words.title, self._content(words))
        return None if stays else public

    # What an editor has written here since

    def _says(self, version: Version, place: _Place) -> bool:
        """Whether a version here is what the archive says newest."""
        wanted = place.text.newest
        return (version.title, version.content) == (wanted.title, self._content(wanted))

    def _is_news(self, place: _Place, versions: Sequence[Version]) -> bool:
        """Whether the archive says something else than when it was last applied; else what editors wrote stays."""
        brought = next((one for one in versions if one.origin != content.HUMAN), versions[0])
        return not self._says(brought, place)

    def _note(self, place: _Place, what: str) -> None:
        self.report.notes.append(Note(where=place.where, what=what))

    # Beside the words

    def _write_beside(self, place: _Place) -> None:
        db, actor, text = self.ground.db, self.ground.actor, place.text
        entry = content.find_entry(db, place.entry_id)
        known = content.keywords_of(db, [entry.id]).get((entry.id, place.language), [])
        if text.keywords and list(text.keywords) != known:
            content.set_keywords(db, entry.id, place.language, text.keywords, revision=entry.revision, actor=actor)
        content.keep_former(db, entry.id, place.language, text.former)
        row = content.find_text(db, entry.id, place.language)
        moments = (text.publish_at, text.offline_at)
        if any(moments) and moments != (row.publish_at, row.offline_at):
            content.schedule_text(
                db,
                entry.id,
                place.language,
                publish_at=text.publish_at,
                offline_at=text.offline_at,
                revision=row.revision,
                actor=actor,
            )


def _state(db: Work, place: _Place) -> object:
    row = content.text_of(db, place.entry_id, place.language)
    keywords = content.keywords_of(db, [place.entry_id]).get((place.entry_id, place.language))
    return row and (row.revision, keywords)


def _author(words: Words) -> str:
    """A name, which never is the number of somebody's account: nobody is made to have said what others say."""
    if words.author.startswith(f"{accounts.PERSON}:"):
        raise Invalid("archive.author", say("“{author}” is no name.", author=words.author[:80]))
    return words.author


def _same(version: Version, draft: TextDraft) -> bool:
    return (version.title, version.content) == (draft.title, draft.content)
