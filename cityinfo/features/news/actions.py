"""Changes to messages. Their words are saved as all words are, by `content`; approving publishes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cityinfo.features import content, tenants
from cityinfo.features.content import (
    Entry,
    TextDraft,
    TextPublished,
    TextReturned,
    TextSaved,
    TextScheduled,
    TextSubmitted,
)
from cityinfo.kernel import clock, html
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Forbidden, Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from . import queries, rules
from .models import Message
from .queries import APPROVED, DRAFT, KIND, MAIN, REQUESTED, TWO_PERSON_FLAG, WRITTEN
from .rules import State


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """What is said of a message beside words.

    `mode` says what readers of other languages get: nothing (`written`) or the main language (`main`). `push` says
    whether phones are told. Without `visible_from` it waits, once approved, until someone chooses a moment.
    """

    mode: str = WRITTEN
    push: bool = True
    visible_from: datetime | None = None
    visible_until: datetime | None = None


def create(db: Work, facts: MessageFacts, *, v3_id: int | None = None, actor: Actor) -> Message:
    """A new message, a draft without words yet."""
    _check(facts)
    entry = content.create_entry(db, KIND, v3_id=v3_id)
    message = Message(
        id=entry.id, channel=queries.NEWS, review=DRAFT, review_message="", author=str(actor), approved_by=""
    )
    _put(db, message, facts)
    content.tell_created(db, entry, message, actor=actor)
    return message


def copy(db: Work, message_id: int, *, actor: Actor) -> Message:
    """A new draft with the words of an old message; its moments are not those of the old one."""
    old = queries.find(db, message_id)
    message = create(db, MessageFacts(mode=old.mode, push=old.push), actor=actor)
    for language in tenants.tree(db):
        text = content.text_of(db, old.id, language)
        version = content.version(db, text.current_version_id) if text else None
        if version is not None:
            draft = TextDraft(title=version.title, content=version.content)
            content.save_text(db, message.id, language, draft, actor=actor)
    return message


def change(db: Work, message_id: int, facts: MessageFacts, *, revision: int, actor: Actor) -> None:
    """Say something else of a message. Where two persons decide, one that was approved must be approved again.

    Of a message that readers have seen only the end can be changed.
    """
    message, entry = _at(db, message_id, revision)
    before = content.state(db, entry, message)
    _check(facts)
    seen = queries.state_of(message) in (State.VISIBLE, State.EXPIRED)
    if seen and facts != _facts_of(message, visible_until=facts.visible_until):
        raise Invalid("news.visible", "Readers have seen this message; only its end can be changed. Write a new one.")
    if not seen and tenants.offers(db, TWO_PERSON_FLAG):
        message.review, message.author = DRAFT, str(actor)
    _put(db, message, facts)
    after = content.state(db, entry, message)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def request_approval(db: Work, message_id: int, *, revision: int, actor: Actor) -> None:
    """Ask a colleague to approve the message; its words wait with it."""
    message, entry = _at(db, message_id, revision)
    before = content.state(db, entry, message)
    _check_is_draft(message)
    _check_written(db, message)
    message.review, message.review_message = REQUESTED, ""
    after = content.state(db, entry, message)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)
    _submit_texts(db, message.id, actor=actor)


def approve(db: Work, message_id: int, *, revision: int, actor: Actor) -> None:
    """Release the message with all its words as they are now; it becomes visible when its moment comes.

    Raises `Forbidden` where two persons decide and the actor has written any of it.
    """
    message, entry = _at(db, message_id, revision)
    before = content.state(db, entry, message)
    _check_is_draft(message)
    texts = _check_written(db, message)
    if tenants.offers(db, TWO_PERSON_FLAG) and message.author == str(actor):
        raise _own_work()
    for text in texts:
        content.publish_text(db, message.id, text.language, revision=text.revision, actor=actor)
    message.review, message.review_message, message.approved_by = APPROVED, "", str(actor)
    after = content.state(db, entry, message)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def send_back(db: Work, message_id: int, words: str, *, revision: int, actor: Actor) -> None:
    """Return a message to its author, saying why. One that readers have seen is archived instead."""
    message, entry = _at(db, message_id, revision)
    before = content.state(db, entry, message)
    if not words.strip():
        raise Invalid("news.reason", "Say what the author should change.")
    if queries.state_of(message) in (State.VISIBLE, State.EXPIRED):
        raise Invalid("news.visible", "Readers have seen this message; archive it instead.")
    message.review, message.review_message, message.approved_by = DRAFT, words.strip(), ""
    after = content.state(db, entry, message)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)
    _return_texts(db, message.id, words, actor=actor)


def schedule(
    db: Work,
    message_id: int,
    *,
    visible_from: datetime | None = None,
    visible_until: datetime | None = None,
    revision: int,
    actor: Actor,
) -> None:
    """Choose when an approved message becomes visible; without a moment it does at once."""
    message, entry = _at(db, message_id, revision)
    before = content.state(db, entry, message)
    if queries.state_of(message) not in (State.APPROVED, State.SCHEDULED):
        raise Invalid("news.not_approved", "Only an approved message that nobody has seen yet can be scheduled.")
    facts = _facts_of(message, visible_until=visible_until, visible_from=visible_from or clock.now())
    _check(facts)
    _put(db, message, facts)
    after = content.state(db, entry, message)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def archive(db: Work, message_id: int, *, revision: int, actor: Actor) -> None:
    """Take the message out of public sight; what has not been sent is not sent."""
    content.set_archived(db, content.find_entry(db, message_id, KIND), True, revision=revision, actor=actor)


def restore(db: Work, message_id: int, *, revision: int, actor: Actor) -> None:
    """Bring an archived message back as it was."""
    content.set_archived(db, content.find_entry(db, message_id, KIND), False, revision=revision, actor=actor)


def delete_for_good(db: Work, message_id: int, *, revision: int, actor: Actor) -> None:
    """Delete an archived message, and what is known of its delivery."""
    content.delete_entry(db, content.find_entry(db, message_id, KIND), revision=revision, actor=actor)


def facts_of(db: Work, message_id: int) -> MessageFacts:
    """What is said of a message now, to be changed and put back."""
    message = queries.find(db, message_id)
    return _facts_of(message, visible_until=message.visible_until)


def check_saved(db: Work, facts: Sequence[TextSaved]) -> None:
    """Subscriber: words that no phone could show are refused, through whichever door they come."""
    for fact in facts:
        if fact.kind == KIND:
            version = _current(db, fact.entry_id, fact.language)
            rules.check_words(version.title, html.plain_text(version.content))


def check_scheduled(_db: Work, facts: Sequence[TextScheduled]) -> None:
    """Subscriber: messages appear and go as a whole."""
    if any(fact.kind == KIND for fact in facts):
        raise Invalid("news.text_schedule", "A text of a message has no schedule; set that of the message.")


def check_published(db: Work, facts: Sequence[TextPublished]) -> None:
    """Subscriber: where two persons decide, nobody publishes words of their own, through whichever door."""
    mine = [fact for fact in facts if fact.kind == KIND]
    if not mine or not tenants.offers(db, TWO_PERSON_FLAG):
        return
    for fact in mine:
        if _current(db, fact.entry_id, fact.language).author == str(fact.actor):
            raise _own_work()


def follow_submitted(db: Work, facts: Sequence[TextSubmitted]) -> None:
    """Subscriber: whoever submits a text of a message, through whichever door, asks for approval of the message."""
    for fact in facts:
        if fact.kind != KIND:
            continue
        message = queries.find(db, fact.entry_id)
        still = content.find_text(db, message.id, fact.language).review_state == content.REQUESTED
        if message.review == REQUESTED or not still:
            continue
        if queries.state_of(message) in (State.VISIBLE, State.EXPIRED):
            raise Invalid("news.visible", "Readers have seen this message already.")
        message.review, message.review_message = REQUESTED, ""
        _submit_texts(db, message.id, actor=fact.actor)


def follow_returned(db: Work, facts: Sequence[TextReturned]) -> None:
    """Subscriber: a message of which one text goes back to its author goes back as a whole, with the reason."""
    for fact in facts:
        if fact.kind != KIND:
            continue
        message = queries.find(db, fact.entry_id)
        text = content.find_text(db, message.id, fact.language)
        if message.review == REQUESTED and text.review_state == content.RETURNED:
            message.review, message.review_message = DRAFT, text.review_message
            _return_texts(db, message.id, text.review_message, actor=fact.actor)


def _submit_texts(db: Work, message_id: int, *, actor: Actor) -> None:
    """Let all words of a message that readers do not have wait for a look."""
    for text in content.texts(db, message_id):
        is_new = text.current_version_id != text.public_version_id
        if is_new and text.review_state != content.REQUESTED:
            content.submit_text(db, message_id, text.language, revision=text.revision, actor=actor)


def _return_texts(db: Work, message_id: int, reason: str, *, actor: Actor) -> None:
    """Give all words of a message that wait for a look back to whoever submitted them."""
    for text in content.texts(db, message_id):
        if text.review_state == content.REQUESTED:
            content.return_text(db, message_id, text.language, reason=reason, revision=text.revision, actor=actor)


def _own_work() -> Forbidden:
    return Forbidden("news.own_work", "A message needs a second person: ask a colleague to approve it.")


def _at(db: Work, message_id: int, revision: int) -> tuple[Message, Entry]:
    message = queries.find(db, message_id)
    entry = content.find_entry(db, message.id, KIND)
    content.check_entry_revision(entry, revision)
    return message, entry


def _current(db: Work, entry_id: int, language: str) -> content.Version:
    version = content.version(db, content.find_text(db, entry_id, language).current_version_id)
    assert version is not None
    return version


def _check(facts: MessageFacts) -> None:
    if facts.mode not in (WRITTEN, MAIN):
        raise Invalid(
            "news.mode",
            say(
                "“{mode}” is no language mode; choose {written} or {main}.", mode=facts.mode, written=WRITTEN, main=MAIN
            ),
        )
    rules.check_window(facts.visible_from, facts.visible_until)


def _check_is_draft(message: Message) -> None:
    if message.review == APPROVED and queries.state_of(message) in (State.VISIBLE, State.EXPIRED):
        raise Invalid("news.visible", "Readers have seen this message already.")


def _check_written(db: Work, message: Message) -> Sequence[content.Text]:
    """The message's texts; in main-language mode the main language is among them."""
    texts = db.scalars(select(content.Text).where(content.Text.entry_id == message.id)).all()
    root = tenants.root_language(db)
    if not texts:
        raise Invalid("news.empty", "There is nothing to approve yet: write the message first.")
    if message.mode == MAIN and root not in {text.language for text in texts}:
        raise Invalid(
            "news.main", say("The main language ({root}) shall stand in for the others: write it first.", root=root)
        )
    return texts


def _facts_of(message: Message, *, visible_until: datetime | None, **others: datetime) -> MessageFacts:
    known = {"visible_from": message.visible_from, **others}
    return MessageFacts(mode=message.mode, push=message.push, visible_until=visible_until, **known)


def _put(db: Work, message: Message, facts: MessageFacts) -> None:
    message.mode, message.push = facts.mode, facts.push
    message.visible_from, message.visible_until = facts.visible_from, facts.visible_until
    db.add(message)
    db.flush()
