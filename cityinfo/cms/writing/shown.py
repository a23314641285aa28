"""A version written out as readers will see it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from cityinfo.features import contacts, media, pages, placeholders, tenants
from cityinfo.features.content import Version
from cityinfo.features.pages import PAGES
from cityinfo.features.tenants import Language
from cityinfo.kernel import html
from cityinfo.kernel.db import Work


@dataclass(frozen=True, slots=True)
class Shown:
    """One version, written out for readers."""

    title: str
    content: Markup
    language: Language


def shown(db: Work, kind: str, entry_id: int, version: Version, language: str) -> Shown:
    """Through the same writers as what is published. Links to own content stay words: they lead into the apps."""
    own = version.content
    whole = pages.with_mirrored(db, entry_id, language, own) if kind == PAGES.kind else own
    (filled,) = placeholders.write_out(db, language, [whole])
    (written,) = media.write_out(db, language, [filled])
    (written,) = contacts.write_out(db, language, [written])
    resolved = html.resolve_references(html.without_frames(written), lambda *_: None)
    clean = Markup(resolved)  # noqa: S704 - sanitised when it was saved; the writers add markup of ours
    return Shown(version.title, clean, tenants.languages(db)[language])
