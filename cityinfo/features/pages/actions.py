"""Changes to pages. Each checks what it is given, then tells facts; the audit log and readers follow from these."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cityinfo.features import content, offers, organizations, tenants
from cityinfo.features.content import Entry, Text, TextDraft, Version
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import queries, rules
from .facts import PageMirrored, PageMoved, PageOffersChanged
from .models import EmbeddedOffer, Page
from .queries import KIND
from .rules import Place, Way


def create(
    db: Work,
    draft: TextDraft,
    *,
    language: str,
    under: int | None = None,
    after: int | Place = Place.LAST,
    thumbnail: str = "",
    v3_id: int | None = None,
    actor: Actor,
) -> Page:
    """Plant a new page with its first text. Readers see it once the text is published."""
    page = plant(db, under=under, after=after, thumbnail=thumbnail, v3_id=v3_id, actor=actor)
    save_text(db, page.id, language, draft, actor=actor)
    return page


def plant(
    db: Work,
    *,
    under: int | None = None,
    after: int | Place = Place.LAST,
    thumbnail: str = "",
    v3_id: int | None = None,
    actor: Actor,
) -> Page:
    """Put a page without words into the tree, so that texts which link to it can be saved before its own."""
    _check_parent(db, under)
    position = rules.position_for(queries.siblings(db, under), after)
    entry = content.create_entry(db, KIND, v3_id=v3_id)
    page = Page(
        tenant_id=db.tenant_id,
        id=entry.id,
        parent_id=under,
        position=position,
        mirrored_first=False,
        thumbnail=thumbnail,
    )
    db.add(page)
    db.flush()
    content.tell_created(db, entry, page, actor=actor)
    return page


def save_text(db: Work, page_id: int, language: str, draft: TextDraft, *, actor: Actor) -> Version:
    """Keep a new version of the page's text; `Conflict` if someone saved in between."""
    page = queries.find(db, page_id)
    version = content.save_text(db, page.id, language, draft, actor=actor)
    if page.parent_id is None:
        rules.check_first_level_slug(content.slug_of(db, page.id, language) or "")
    return version


def publish(db: Work, page_id: int, language: str, *, revision: int, actor: Actor) -> Text:
    """Show the newest version to readers."""
    return content.publish_text(db, queries.find(db, page_id).id, language, revision=revision, actor=actor)


def take_offline(db: Work, page_id: int, languages: Collection[str], *, actor: Actor) -> list[str]:
    """Take the page out of public sight in exactly these languages."""
    return content.take_offline(db, queries.find(db, page_id).id, languages, actor=actor)


def move(
    db: Work, page_id: int, *, under: int | None, after: int | Place = Place.LAST, revision: int, actor: Actor
) -> None:
    """Hang the page and all below it elsewhere. Texts and translations stay as they are; one row changes."""
    page, entry = _page_at(db, page_id, revision)
    rules.check_may_sit_under(page.id, queries.path_upwards(db, under))
    if under != page.parent_id:
        _check_parent(db, under)
        _check_mirrors_stay(db, page)
    if under is None:
        _check_slugs_for_first_level(db, page)
    before = content.state(db, entry, page)
    reordered = under == page.parent_id
    page.position = rules.position_for(queries.siblings(db, under, without=page.id), after)
    page.parent_id = under
    content.touch(db, entry)
    after_move = content.state(db, entry, page)
    tell(
        db,
        PageMoved(actor=actor, kind=KIND, entry_id=page.id, before=before, after=after_move, widely=not reordered),
    )


def arrange(db: Work, under: int | None, page_ids: Sequence[int], *, actor: Actor) -> set[int]:
    """Let exactly these pages hang under a parent in this order, before whatever else does; returns those it moved.

    As few as possible are moved.
    """
    here = dict(queries.siblings(db, under))
    standing = set(rules.longest_rising([one for one in page_ids if one in here], key=lambda one: (here[one], one)))
    previous: int | Place = Place.FIRST
    for page_id in page_ids:
        if page_id not in standing:
            revision = content.find_entry(db, page_id).revision
            move(db, page_id, under=under, after=previous, revision=revision, actor=actor)
        previous = page_id
    return set(page_ids) - standing


def shift(db: Work, page_id: int, way: Way, *, revision: int, actor: Actor) -> bool:
    """Move a page one step: among its siblings, under the one before it, or out, to stand behind its parent.

    Returns whether there was a step that way.
    """
    page = queries.find(db, page_id)
    shown = [branch.id for branch in queries.children(db, page.parent_id)]
    target = rules.step(page.id, shown, way, parent=page.parent_id) if page.id in shown else None
    if target is None:
        return False
    under, after = target
    if way is Way.OUT and page.parent_id is not None:
        under = queries.find(db, page.parent_id).parent_id
    move(db, page_id, under=under, after=after, revision=revision, actor=actor)
    return True


def archive(db: Work, page_id: int, *, revision: int, actor: Actor) -> None:
    """Take the page and all below it out of public sight. Refused while another page shows a text from there."""
    page, entry = _page_at(db, page_id, revision)
    _check_not_mirrored(db, page)
    content.set_archived(db, entry, True, revision=revision, actor=actor)


def restore(db: Work, page_id: int, *, revision: int, actor: Actor) -> None:
    """Bring an archived page back, as it was. What stands above it must be there first."""
    page, entry = _page_at(db, page_id, revision)
    if page.parent_id is not None and _is_archived(db, page.parent_id):
        raise Invalid("page.parent_archived", "The page above is archived; restore that one first.")
    content.set_archived(db, entry, False, revision=revision, actor=actor)


def delete(db: Work, page_id: int, *, revision: int, actor: Actor) -> None:
    """Delete an archived page for good. Refused while it has children or another page shows its text."""
    page, entry = _page_at(db, page_id, revision)
    if queries.siblings(db, page.id):
        raise Invalid("page.has_children", "Pages hang below this one; move or delete these first.")
    _check_not_mirrored(db, page)
    content.delete_entry(db, entry, revision=revision, actor=actor)


def mirror(db: Work, page_id: int, *, of: int | None, first: bool = False, revision: int, actor: Actor) -> None:
    """Show another page's live text before (`first`) or after the page's own; `of` None ends it. No chains."""
    page, entry = _page_at(db, page_id, revision)
    if of is not None:
        _check_mirror(db, page, queries.find(db, of))
    before = content.state(db, entry, page)
    page.mirrors_id, page.mirrored_first = of, first
    content.touch(db, entry)
    said = {"before": before, "after": content.state(db, entry, page)}
    tell(db, PageMirrored(actor=actor, kind=KIND, entry_id=page.id, widely=False, **said))


def set_thumbnail(db: Work, page_id: int, address: str, *, revision: int, actor: Actor) -> None:
    """Give the page another picture."""
    page, entry = _page_at(db, page_id, revision)
    if page.thumbnail == address:
        return
    before = content.state(db, entry, page)
    page.thumbnail = address
    content.touch(db, entry)
    said = {"before": before, "after": content.state(db, entry, page)}
    tell(db, content.EntryChanged(actor=actor, kind=KIND, entry_id=page.id, widely=False, **said))


def set_organization(db: Work, page_id: int, organization: int | None, *, revision: int, actor: Actor) -> None:
    """Name the organization that is responsible for the page, or none."""
    page, entry = _page_at(db, page_id, revision)
    targets = [] if organization is None else [organization]
    before = content.state(db, entry, page)
    if content.relate(db, entry, organizations.BELONGS_TO, targets, kind=organizations.KIND):
        content.touch(db, entry)
        said = {"before": before, "after": content.state(db, entry, page)}
        tell(db, content.EntryChanged(actor=actor, kind=KIND, entry_id=page.id, widely=False, **said))


def set_embedded_offers(db: Work, page_id: int, aliases: Sequence[str], *, revision: int, actor: Actor) -> None:
    """Let apps show exactly these offers of other systems on the page, in order; the city has switched them on."""
    page, entry = _page_at(db, page_id, revision)
    known = offers.switched_on(db)
    for alias in aliases:
        if alias not in known:
            raise Invalid(
                "page.offer", say("“{alias}” is not switched on in this city; do that first.", alias=alias[:50])
            )
    rows = db.scalars(select(EmbeddedOffer).where(EmbeddedOffer.page_id == page.id)).all()
    before = [row.alias for row in sorted(rows, key=lambda row: row.position)]
    for row in rows:
        db.delete(row)
    db.flush()
    wanted = list(dict.fromkeys(aliases))
    db.add_all(EmbeddedOffer(page_id=page.id, alias=alias, position=place) for place, alias in enumerate(wanted))
    content.touch(db, entry)
    said = {"before": digest(before), "after": digest(wanted)}
    tell(db, PageOffersChanged(actor=actor, kind=KIND, entry_id=page.id, widely=False, **said))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What is said of a page beside words, its place aside. `mirrors` is the page whose live text it shows too."""

    thumbnail: str = ""
    organization: int | None = None
    embedded_offers: Sequence[str] = ()
    mirrors: int | None = None
    mirrored_first: bool = False


def facts_of(db: Work, page_id: int) -> PageFacts:
    """What is said of a page now."""
    page = queries.find(db, page_id)
    belongs_to = content.related(db, [page.id], organizations.BELONGS_TO).get(page.id, ())
    return PageFacts(
        thumbnail=page.thumbnail,
        organization=next(iter(belongs_to), None),
        embedded_offers=queries.embedded_aliases(db, page.id),
        mirrors=page.mirrors_id,
        mirrored_first=page.mirrored_first,
    )


def change(db: Work, page_id: int, part: Mapping[str, Any], *, revision: int, actor: Actor) -> None:
    """Say something else of a page; what `part` does not name of `PageFacts` stays."""
    _, entry = _page_at(db, page_id, revision)
    now = facts_of(db, page_id)
    wanted = replace(now, **part)
    given = {"actor": actor}
    if wanted.thumbnail != now.thumbnail:
        set_thumbnail(db, page_id, wanted.thumbnail, revision=entry.revision, **given)
    if wanted.organization != now.organization:
        set_organization(db, page_id, wanted.organization, revision=entry.revision, **given)
    if list(wanted.embedded_offers) != list(now.embedded_offers):
        set_embedded_offers(db, page_id, wanted.embedded_offers, revision=entry.revision, **given)
    if (wanted.mirrors, wanted.mirrored_first) != (now.mirrors, now.mirrored_first):
        mirror(db, page_id, of=wanted.mirrors, first=wanted.mirrored_first, revision=entry.revision, **given)


def follow_offers(db: Work, facts: Sequence[tenants.TenantChanged]) -> None:
    """Pages show what the city has switched on now, with the city's own postal code."""
    for page_id in queries.embedding(db):
        fact = facts[-1]
        said = {"before": fact.before, "after": fact.after}
        tell(db, PageOffersChanged(actor=fact.actor, kind=KIND, entry_id=page_id, widely=False, **said))


def schedule(
    db: Work,
    page_id: int,
    language: str,
    *,
    publish_at: datetime | None = None,
    offline_at: datetime | None = None,
    revision: int,
    actor: Actor,
) -> Text:
    """Set when the text is published and taken offline by itself."""
    queries.find(db, page_id)
    return content.schedule_text(
        db, page_id, language, publish_at=publish_at, offline_at=offline_at, revision=revision, actor=actor
    )


def _page_at(db: Work, page_id: int, revision: int) -> tuple[Page, Entry]:
    page = queries.find(db, page_id)
    entry = content.find_entry(db, page.id, KIND)
    content.check_entry_revision(entry, revision)
    return page, entry


def _check_parent(db: Work, parent_id: int | None) -> None:
    if parent_id is not None and _is_archived(db, queries.find(db, parent_id).id):
        raise Invalid("page.parent_archived", "That place is archived; restore it first or choose another one.")


def _is_archived(db: Work, page_id: int) -> bool:
    found = queries.with_ancestors(db, [page_id])
    return any(archived for _, archived in found.values())


def _check_slugs_for_first_level(db: Work, page: Page) -> None:
    for address in content.addresses(db, [page.id]):
        if address.role != content.FORMER:
            rules.check_first_level_slug(address.slug)


def _check_not_mirrored(db: Work, page: Page) -> None:
    inside = queries.below(db, [page.id])
    outside = sorted(queries.mirroring(db, inside) - inside)
    if outside:
        raise Invalid(
            "page.is_mirrored",
            say("{number} other pages show a text from here; end that first.", number=len(outside)),
            pages=outside,
        )


def _check_mirrors_stay(db: Work, page: Page) -> None:
    """What shows a text of an archived place does so inside of it, where nobody sees either."""
    inside = queries.below(db, [page.id])
    sources = db.scalars(select(Page.mirrors_id).where(Page.id.in_(inside), Page.mirrors_id.is_not(None)))
    if any(one not in inside and _is_archived(db, one) for one in sources if one is not None):
        raise Invalid("page.mirrors_archived", "This shows a text of an archived page; end that or restore it first.")


def _check_mirror(db: Work, page: Page, source: Page) -> None:
    if source.id == page.id:
        raise Invalid("page.mirrors_itself", "A page cannot show its own text twice.")
    if source.mirrors_id is not None:
        raise Invalid("page.mirror_chain", "That page shows a text from elsewhere itself; choose the original.")
    if db.scalar(select(Page.id).where(Page.mirrors_id == page.id).limit(1)) is not None:
        raise Invalid("page.mirror_chain", "Another page shows this page's text, so it cannot show one from elsewhere.")
    if _is_archived(db, source.id):
        raise Invalid("page.mirror_archived", "That page is archived; restore it first.")
