"""An editor beside the running server: publishes through the same actions, over a connection of its own."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace

from cityinfo.features import content, pages, tenants
from cityinfo.features.content import TextDraft
from cityinfo.features.tenants import TenantDraft
from cityinfo.kernel.db import Database, Work
from cityinfo.kernel.facts import Actor

EDITOR = Actor("editor", "benchmark")


@dataclass(frozen=True, slots=True)
class Publication:
    """Something that was published: words by which to know it again, when it was committed, how long the save took."""

    marker: bytes
    committed: float  # of time.perf_counter
    milliseconds: float


@dataclass
class Newsroom:
    """Edits one city in one language. Every publication says something that was never said before."""

    database: Database
    tenant_id: int
    language: str
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def edit_words(self, entry_id: int) -> Publication:
        """Replace the last paragraph of a text, save and publish."""

        def words(title: str, text: str, marker: str) -> TextDraft:
            return TextDraft(title=title, content=f"{text.partition('<p>marker')[0]}<p>{marker}</p>")

        return self._publish(entry_id, words)

    def edit_address(self, entry_id: int) -> Publication:
        """Give an entry another title and slug: every path through it changes, in every answer."""

        def words(_title: str, text: str, marker: str) -> TextDraft:
            return TextDraft(title=marker, content=text, slug=marker)

        return self._publish(entry_id, words)

    def edit_city(self) -> Publication:
        """Give the city another name."""

        def change(db: Work, marker: str) -> None:
            tenant = db.get_one(tenants.Tenant, db.tenant_id)
            facts = {one.name: getattr(tenant, one.name) for one in fields(TenantDraft)}
            tenants.change(db, TenantDraft(**facts | {"name": marker}), actor=EDITOR)

        return self._commit(change)

    def _publish(self, entry_id: int, words: Callable[[str, str, str], TextDraft]) -> Publication:
        def change(db: Work, marker: str) -> None:
            text = content.find_text(db, entry_id, self.language)
            current = content.version(db, text.current_version_id)
            assert current is not None
            draft = replace(words(current.title, current.content, marker), revision=text.revision)
            of_page = content.find_entry(db, entry_id).kind == pages.KIND
            save, publish = (pages.save_text, pages.publish) if of_page else (content.save_text, content.publish_text)
            save(db, entry_id, self.language, draft, actor=EDITOR)
            publish(db, entry_id, self.language, revision=text.revision, actor=EDITOR)

        return self._commit(change)

    def _commit(self, change: Callable[[Work, str], None]) -> Publication:
        marker = f"marker-{next(self._numbers)}-{self.database.identities.next()}"
        started = time.perf_counter()
        with self.database.unit_of_work(self.tenant_id, write=True) as db:
            change(db, marker)
        committed = time.perf_counter()
        return Publication(marker.encode(), committed, (committed - started) * 1e3)
