"""What a city tells the one it follows: which texts wait there, and which say something else. Never what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from cityinfo.features import tenants
from cityinfo.features.content import Key, Text, Version, Wording
from cityinfo.features.onboarding import Origin, TextOrigin
from cityinfo.kernel import clock
from cityinfo.kernel.db import Database, Work

from .models import PLACE, Detached, Divergence, Follower, Following, Received, TakenText
from .rules import OPEN

CHANGED, DETACHED = "changed", "detached"


@dataclass(frozen=True, slots=True)
class Told:
    """How a follower's texts stand against those of the city it follows, by entry there and language."""

    slug: str
    name: str
    by_itself: bool
    texts: int
    differing: Mapping[Key, str]


def told(db: Work, following: Following) -> Told:
    """What the city it follows may know of this one. A fixed number of statements."""
    there = dict(
        db.execute(select(Origin.entry_id, Origin.source_entry_id).where(Origin.source == following.source)).all()
    )
    detached = set(db.scalars(select(Detached.entry_id)))
    bases, found = _bases(db), dict[Key, str]()
    ours = _ours(db)
    for (entry_id, language), digest in ours.items():
        if entry_id in there and bases.get((entry_id, language), digest) != digest:
            found[there[entry_id], language] = DETACHED if entry_id in detached else CHANGED
    found.update(_waiting(db, following))
    city = tenants.own(db)
    texts = sum(entry_id in there for entry_id, _ in ours)
    return Told(city.slug, city.full_name, following.by_itself, texts, found)


def tell(database: Database, source_id: int, follower_id: int, said: Told) -> None:
    """Let the followed city know, in a unit of work of its own, in place of what it was told before."""
    how = Counter(CHANGED if one in (CHANGED, DETACHED) else "waiting" for one in said.differing.values())
    with database.unit_of_work(source_id, write=True, numbered=False) as db:
        db.execute(delete(Divergence).where(Divergence.follower_id == follower_id))
        row = db.get(Follower, (source_id, follower_id)) or Follower(follower_id=follower_id)
        row.slug, row.name, row.by_itself, row.told_at = said.slug, said.name, said.by_itself, clock.now()
        row.waiting, row.changed = how["waiting"], how[CHANGED]
        row.same = max(said.texts - how.total(), 0)
        db.add(row)
        db.flush()
        db.add_all(
            Divergence(follower_id=follower_id, entry_id=entry_id, language=language, how=one)
            for (entry_id, language), one in said.differing.items()
        )


def followers(db: Work) -> Sequence[Follower]:
    """Who follows this city, by name."""
    return db.scalars(select(Follower).order_by(Follower.name, Follower.slug)).all()


def most_changed(db: Work, *, most: int = 50) -> list[tuple[int, str, int]]:
    """Texts that the most followers have changed: entry, language, how many. A hint at what ours should say."""
    number = func.count().label("number")
    statement = (
        select(Divergence.entry_id, Divergence.language, number)
        .where(Divergence.how == CHANGED)
        .group_by(Divergence.entry_id, Divergence.language)
        .order_by(number.desc(), Divergence.entry_id, Divergence.language)
    )
    return [(entry_id, language, count) for entry_id, language, count in db.execute(statement.limit(most))]


def _bases(db: Work) -> dict[Key, str]:
    """Digests of what was last decided about; until then, of what came."""
    came = select(TextOrigin.entry_id, TextOrigin.language, Version.digest).join(
        Version, Version.id == TextOrigin.version_id
    )
    found: dict[Key, str] = {(entry_id, language): said for entry_id, language, said in db.execute(came)}
    taken = select(TakenText.entry_id, TakenText.language, TakenText.title, TakenText.content)
    found.update({(one, language): Wording(*words).digest for one, language, *words in db.execute(taken)})
    return found


def _ours(db: Work) -> dict[Key, str]:
    """Digests of what our texts say to readers, or will; only those of entries that came from elsewhere."""
    shown = func.coalesce(Text.public_version_id, Text.current_version_id)
    statement = (
        select(Text.entry_id, Text.language, Version.digest)
        .join(Version, Version.id == shown)
        .join(Origin, Origin.entry_id == Text.entry_id)
    )
    return {(entry_id, language): said for entry_id, language, said in db.execute(statement)}


def _waiting(db: Work, following: Following) -> Iterator[tuple[Key, str]]:
    columns = (Received.source_entry_id, Received.language, Received.state)
    which = (Received.source_id == following.source_id, Received.state.in_(OPEN), Received.language != PLACE)
    for entry_id, language, state in db.execute(select(*columns).where(*which)):
        yield (entry_id, language), state
