"""What an archive knows of each kind of content: its folder, its facts, and which actions keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cityinfo.features import (
    commons,
    contacts,
    content,
    events,
    imprint,
    locations,
    media,
    news,
    offers,
    organizations,
    pages,
)
from cityinfo.features.commons import Naming
from cityinfo.features.contacts import ContactFacts
from cityinfo.features.locations import LocationFacts
from cityinfo.features.news import MessageFacts
from cityinfo.features.offers import OfferFacts
from cityinfo.features.organizations import OrganizationFacts
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict
from cityinfo.kernel.facts import Actor

from .dates import Events, EventSaid, Occurrences, OccurrenceSaid
from .doors import Ground, Kind, Known, New, as_it_is


class _Simple(Kind):
    """A kind whose package has `create`, `change` and `facts_of` for one class of facts."""

    def read(self, db: Work, entry_id: int) -> Any:
        return self.module.facts_of(db, entry_id)

    def create(self, ground: Ground, new: New) -> int:
        made: int = self.module.create(ground.db, new.facts, v3_id=new.id_v3, actor=ground.actor).id
        return made

    def change(self, ground: Ground, known: Known) -> None:
        self.module.change(ground.db, known.id, known.facts, revision=known.revision, actor=ground.actor)


class _Offers(_Simple):
    def read(self, db: Work, entry_id: int) -> OfferFacts:
        return offers.facts_of(db, offers.find(db, entry_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSaid:
    """What a page has beside its words and its place. `icon` is an address elsewhere, `picture` a file of the city.
    `credit` names whose words it began with, if they were another city's.
    """

    icon: str = ""
    picture: int | None = None
    organization: int | None = None
    offers: Sequence[str] = ()
    mirrors: int | None = None
    mirrored_first: bool = False
    credit: Naming | None = None


class _Pages(Kind):
    def read(self, db: Work, entry_id: int) -> PageSaid:
        said = pages.facts_of(db, entry_id)
        picture = media.file_at(db, said.thumbnail)
        return PageSaid(
            icon="" if picture else said.thumbnail,
            picture=picture,
            organization=said.organization,
            offers=tuple(said.embedded_offers),
            mirrors=said.mirrors,
            mirrored_first=said.mirrored_first,
            credit=commons.credit(db, entry_id),
        )

    def create(self, ground: Ground, new: New) -> int:
        page = pages.plant(ground.db, under=new.under, v3_id=new.id_v3, actor=ground.actor)
        self.change(ground, as_it_is(ground.db, page.id, new.facts))
        return page.id

    def change(self, ground: Ground, known: Known) -> None:
        facts: PageSaid = known.facts
        picture = None if facts.picture is None else media.find(ground.db, facts.picture)
        part = {
            "thumbnail": media.address(picture.key) if picture else facts.icon,
            "organization": facts.organization,
            "embedded_offers": facts.offers,
            "mirrors": facts.mirrors,
            "mirrored_first": facts.mirrored_first,
        }
        pages.change(ground.db, known.id, part, revision=known.revision, actor=ground.actor)
        commons.give_credit(ground.db, known.id, facts.credit, actor=ground.actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSaid:
    """A file: under `file` its bytes lie in the archive, `name` is what it is called."""

    file: str
    name: str
    folder: str = ""
    focal_x: float = 0.5
    focal_y: float = 0.5


class _Media(Kind):
    def read(self, db: Work, entry_id: int) -> MediaSaid:
        row = media.find(db, entry_id)
        return MediaSaid(
            file=row.key.rpartition("/")[2],
            name=row.name,
            folder=row.folder,
            focal_x=row.focal_x,
            focal_y=row.focal_y,
        )

    def create(self, ground: Ground, new: New) -> int:
        kept = ground.kept[new.facts.file]
        made = ground.library.add(ground.db, kept, folder=new.facts.folder, words={}, actor=ground.actor)
        self.change(ground, as_it_is(ground.db, made, new.facts))
        return made

    def change(self, ground: Ground, known: Known) -> None:
        wanted, here = known.facts, self.read(ground.db, known.id)
        if wanted.file != here.file:
            self._put(ground, known)
        part = {one: getattr(wanted, one) for one in ("name", "folder") if getattr(wanted, one) != getattr(here, one)}
        point = (wanted.focal_x, wanted.focal_y)
        if point != (here.focal_x, here.focal_y):
            part["focal_point"] = point
        revision = content.find_entry(ground.db, known.id).revision
        media.change(ground.db, known.id, part, revision=revision, actor=ground.actor)

    def _put(self, ground: Ground, known: Known) -> None:
        kept = ground.kept.get(known.facts.file)
        if kept is None:
            raise Conflict("archive.file", "Another file here has these bytes already; give each file its own.")
        ground.library.put(ground.db, known.id, kept, revision=known.revision, actor=ground.actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSaid(MessageFacts):
    """A message, and whether it was approved."""

    approved: bool = False


class _News(Kind):
    def read(self, db: Work, entry_id: int) -> MessageSaid:
        said = news.facts_of(db, entry_id)
        known = {name: getattr(said, name) for name in MessageFacts.__dataclass_fields__}
        return MessageSaid(**known, approved=bool(news.find(db, entry_id).approved_by))

    def create(self, ground: Ground, new: New) -> int:
        return news.create(ground.db, _message(new.facts), v3_id=new.id_v3, actor=ground.actor).id

    def change(self, ground: Ground, known: Known) -> None:
        if _message(self.read(ground.db, known.id)) != _message(known.facts):
            news.change(ground.db, known.id, _message(known.facts), revision=known.revision, actor=ground.actor)

    def release(self, ground: Ground, known: Known) -> None:
        if known.facts.approved and not self.read(ground.db, known.id).approved:
            news.approve(ground.db, known.id, revision=known.revision, actor=_approver(ground.actor))


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """A kind that has words alone."""


class _Imprint(Kind):
    def read(self, db: Work, entry_id: int) -> Nothing:
        del db, entry_id
        return Nothing()

    def create(self, ground: Ground, new: New) -> int:
        return imprint.open_imprint(ground.db, v3_id=new.id_v3, actor=ground.actor).id

    def change(self, ground: Ground, known: Known) -> None:
        del ground, known


def _message(said: MessageSaid) -> MessageFacts:
    return MessageFacts(**{name: getattr(said, name) for name in MessageFacts.__dataclass_fields__})


def _approver(actor: Actor) -> Actor:
    """Where two persons decide, the archive says that the second one has: it is not the one who wrote."""
    return Actor(actor.kind, f"{actor.name} approval")


_OF_ORGANIZATION = {"organization": organizations.KIND}
_PICTURE = {"picture": media.KIND}
# In this order: facts name entries of kinds before their own, apart from siblings.
KINDS: Mapping[str, Kind] = {
    one.kind: one
    for one in (
        _Media(kind=media.KIND, folder="media", facts=MediaSaid, module=media),
        _Simple(
            kind=organizations.KIND,
            folder="organizations",
            facts=OrganizationFacts,
            module=organizations,
            references={"logo": media.KIND, **dict.fromkeys(("part_of", "project_of", "partners"), organizations.KIND)},
        ),
        _Simple(
            kind=locations.KIND,
            folder="locations",
            facts=LocationFacts,
            module=locations,
            references={**_PICTURE, **_OF_ORGANIZATION},
        ),
        _Simple(
            kind=contacts.KIND,
            folder="contacts",
            facts=ContactFacts,
            module=contacts,
            references={"location": locations.KIND, **_OF_ORGANIZATION},
        ),
        _Offers(
            kind=offers.KIND,
            folder="offers",
            facts=OfferFacts,
            module=offers,
            references={
                "provider": organizations.KIND,
                "locations": locations.KIND,
                "contacts": contacts.KIND,
                **_PICTURE,
            },
        ),
        Events(
            kind=events.KIND,
            folder="events",
            facts=EventSaid,
            module=events,
            references={"location": locations.KIND, **_OF_ORGANIZATION, **_PICTURE},
        ),
        Occurrences(
            kind=events.OCCURRENCE,
            folder="events",
            facts=OccurrenceSaid,
            module=events,
            references={"location": locations.KIND},
        ),
        _Pages(
            kind=pages.KIND,
            folder="pages",
            facts=PageSaid,
            module=pages,
            references={"mirrors": pages.KIND, **_OF_ORGANIZATION, **_PICTURE},
        ),
        _Imprint(kind=imprint.KIND, folder="imprint", facts=Nothing, module=imprint),
        _News(kind=news.KIND, folder="news", facts=MessageSaid, module=news),
    )
}
FOLDERS = {one.folder: one for one in KINDS.values() if one.kind != events.OCCURRENCE}


def of_link(address: str) -> tuple[str, str] | None:
    """Kind and name of what ``pages/health`` stands for; None when no kind has such a folder."""
    folder, _, name = address.partition("/")
    return (FOLDERS[folder].kind, name) if folder in FOLDERS and name else None


def as_link(kind: str, name: str) -> str:
    """How links name an entry."""
    return f"{KINDS[kind].folder}/{name}"
