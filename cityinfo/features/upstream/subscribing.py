"""Single pages of other cities: asking for one, taking what comes of it, and ending that."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import delete, select

from cityinfo.features import commons, content, pages
from cityinfo.features.commons import Naming, Offered
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, NotFound
from cityinfo.kernel.facts import SYSTEM, Actor, Change, tell
from cityinfo.kernel.i18n import say

from . import actions, fetching, placing, queries
from .actions import FOLLOWER
from .facts import PageSubscribed, SubscriptionChanged, SubscriptionEnded
from .models import PLACE, Decision, Declined, Following, Received, Subscription
from .reading import Reading
from .rules import TREE, Standing

MIRRORED = tuple(one.value for one in (Standing.NEW, Standing.UNTOUCHED, Standing.REMOVED))


def subscribe(db: Work, wanted: Offered, *, under: int | None, by_itself: bool, actor: Actor) -> Subscription:
    """Let an offered page come here, below another one, with everything that is new there from now on.

    It comes as a draft; with `by_itself` readers see it at once, and all that changes there. A page that came before
    stays where it is. `Conflict` when the city has it already, or the page is its own.
    """
    if under is not None:
        pages.find(db, under)
    here = _here(db, wanted)
    following = actions.follow(db, wanted.source_id, wanted.source, whole=False, actor=SYSTEM)
    db.execute(
        delete(Declined).where(Declined.source_id == wanted.source_id, Declined.source_entry_id == wanted.entry_id)
    )
    row = Subscription(
        source_id=wanted.source_id,
        source_entry_id=wanted.entry_id,
        parent_id=None if here else under,
        entry_id=here,
        by_itself=by_itself,
        is_offered=True,
        asked_by=str(actor),
        asked_at=clock.now(),
    )
    db.add(row)
    db.flush()
    _tell(db, PageSubscribed, under or db.tenant_id, after=_state(row), note=wanted.source, actor=actor)
    if by_itself:
        _tell_by_itself(db, row, under or db.tenant_id, before="", actor=actor)
    fetching.read_anew(db, following)
    return row


def change_subscription(db: Work, source_id: int, source_entry_id: int, *, by_itself: bool, actor: Actor) -> None:
    """Show here at once what is new there, or wait until somebody has looked at it."""
    row = find_subscription(db, source_id, source_entry_id)
    before = _state(row)
    row.by_itself = by_itself
    db.flush()
    if _state(row) != before:
        _tell_by_itself(db, row, row.entry_id or db.tenant_id, before=before, actor=actor)
        if by_itself:
            fetching.read_anew(db, queries.find_following(db, source_id))


def unsubscribe(db: Work, source_id: int, source_entry_id: int, *, actor: Actor) -> None:
    """Let nothing more come of a page. What came stays, and names whose it was."""
    row = find_subscription(db, source_id, source_entry_id)
    before, about = _state(row), row.entry_id or db.tenant_id
    same = (Received.source_id == source_id, Received.source_entry_id == source_entry_id)
    following = queries.find_following(db, source_id)
    if not following.whole:
        db.execute(delete(Received).where(*same))
    db.delete(row)
    db.flush()
    if not following.whole and not queries.subscribed(db, source_id):
        db.delete(following)
        db.flush()
    _tell(db, SubscriptionEnded, about, before=before, note=following.source, actor=actor)


def find_subscription(db: Work, source_id: int, source_entry_id: int) -> Subscription:
    """How a page of another city comes here; `NotFound` when it does not."""
    row = db.get(Subscription, (db.tenant_id, source_id, source_entry_id))
    if row is None:
        raise NotFound("subscription.unknown", "This page is not subscribed to.")
    return row


def take(db: Work, source_id: int, source_entry_id: int) -> None:
    """Let a page that was asked for be here: its place, and its words in all languages of this city."""
    row = find_subscription(db, source_id, source_entry_id)
    actions.accept_entry(db, source_id, source_entry_id, publish=row.by_itself, actor=FOLLOWER)


def mirror(db: Work, source_id: int, source_entry_id: int, languages: Collection[str]) -> None:
    """Let readers see here what they see there, in these `languages`: new words, and nothing that is gone there.

    What editors here have taken from their readers stays away, and what they have changed waits for them.
    """
    entry_id = find_subscription(db, source_id, source_entry_id).entry_id or 0
    if languages and (went := _went_there(db, entry_id, PLACE)):
        placing.set_archived(db, entry_id, False, actor=FOLLOWER)
        went.undone_at = clock.now()
    shown, batch = _shown(db, entry_id), db.new_id()
    came_back = [went for one in set(languages) - shown if (went := _went_there(db, entry_id, one))]
    for row in actions.ordered(db, source_id, source_entry_id, MIRRORED):
        is_new = content.text_of(db, entry_id, row.language) is None
        publish = row.language in shown or (is_new and bool(shown))
        actions.accept(db, row.id, publish=publish, batch=batch, actor=FOLLOWER)
    for went in came_back:
        revision = content.find_text(db, entry_id, went.language).revision
        content.publish_text(db, entry_id, went.language, revision=revision, actor=FOLLOWER)
        went.undone_at = clock.now()


def has_work(db: Work, row: Subscription, reading: Reading) -> bool:
    """Whether anything of a page that was asked for is to be taken, mirrored or named otherwise."""
    is_mirrored = row.by_itself and row.source_entry_id in reading.kinds
    naming = _naming(db, row, reading)
    return row.entry_id is None or is_mirrored or (naming is not None and naming != commons.credit(db, row.entry_id))


def give_credit(db: Work, row: Subscription, reading: Reading) -> None:
    """Name whom a page came from, on the terms of today. Those of what is offered no longer stay as they were."""
    naming = _naming(db, row, reading)
    if row.entry_id is not None and naming is not None:
        commons.give_credit(db, row.entry_id, naming, actor=FOLLOWER)


def _naming(db: Work, row: Subscription, reading: Reading) -> Naming | None:
    terms = reading.offered.get(row.source_entry_id)
    if terms is None:
        return None
    source = queries.find_following(db, row.source_id).source
    return Naming(source=source, licence=terms.licence, attribution=terms.attribution)


def _shown(db: Work, entry_id: int) -> set[str]:
    return {text.language for text in content.texts(db, entry_id) if text.public_version_id is not None}


def _went_there(db: Work, entry_id: int, language: str) -> Decision | None:
    """That readers do not see this here because those there did not, if that was the last that was decided."""
    which = (Decision.entry_id == entry_id, Decision.language == language)
    last = db.scalar(select(Decision).where(*which).order_by(Decision.id.desc()).limit(1))
    if last is None or last.received["state"] != Standing.REMOVED or last.by != str(FOLLOWER):
        return None
    return last if last.undone_at is None else None


def _here(db: Work, wanted: Offered) -> int | None:
    """The page here that came from there before, if it did; `Conflict` where it still follows."""
    if wanted.source_id == db.tenant_id:
        raise Conflict("subscription.own", "This is a page of your own city.")
    here = queries.origins(db, wanted.source, [wanted.entry_id]).get(wanted.entry_id)
    following = db.get(Following, (db.tenant_id, wanted.source_id))
    comes_with_all = here is not None and following is not None and following.whole
    if comes_with_all or db.get(Subscription, (db.tenant_id, wanted.source_id, wanted.entry_id)) is not None:
        raise Conflict("subscription.known", say("Your city has this page of {name} already.", name=wanted.city))
    return here


def _state(row: Subscription) -> str:
    return digest(row.source_id, row.source_entry_id, row.by_itself)


def _tell_by_itself(db: Work, row: Subscription, about: int, *, before: str, actor: Actor) -> None:
    note = "by itself" if row.by_itself else "when asked"
    _tell(db, SubscriptionChanged, about, before=before, after=_state(row), note=note, actor=actor)


def _tell(
    db: Work,
    fact: Callable[..., Change],
    about: int,
    *,
    before: str = "",
    after: str = "",
    note: str,
    actor: Actor,
) -> None:
    tell(db, fact(actor=actor, kind=TREE, entry_id=about, before=before, after=after, note=note))
