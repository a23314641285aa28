"""Saying something about a text, answering, and being done with it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from cityinfo.features import content, tenants
from cityinfo.features.content import Entry
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor, Change, tell
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import enqueue

from . import facts, queries, rules
from .models import Comment, Mention, Thread
from .rules import Passage

MENTION = "comments.mention"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDraft:
    """What someone says, in plain text.

    Whoever is named in it by an @ and the whole name, or in `mentions`, gets a letter.
    """

    words: str
    mentions: Collection[str] = ()


def write(
    db: Work, entry_id: int, language: str, draft: CommentDraft, *, passage: Passage | None = None, actor: Actor
) -> Thread:
    """Begin a thread about a text, or about a passage of it. The passage may be in words that are not saved yet."""
    entry = content.find_entry(db, entry_id)
    if language not in tenants.tree(db):
        raise Invalid("language.unknown", say("This city does not write in “{language}”.", language=language))
    words, about = rules.check_words(draft.words), rules.check_passage(passage or Passage())
    thread = Thread(
        id=db.new_id(),
        entry_id=entry.id,
        language=language,
        quote=about.quote,
        words_before=about.before,
        words_after=about.after,
        resolved_by="",
    )
    _check_room(db, thread)
    db.add(thread)
    db.flush()
    _say(db, entry, thread, thread.id, words, draft.mentions, actor)
    return thread


def answer(db: Work, thread_id: int, draft: CommentDraft, *, actor: Actor) -> Comment:
    """Say something in a thread. Whoever answers in a resolved one opens it again."""
    thread = queries.find_thread(db, thread_id)
    words = rules.check_words(draft.words)
    _check_room(db, thread)
    entry = content.find_entry(db, thread.entry_id)
    if thread.resolved_at is not None:
        reopen(db, thread.id, actor=actor)
    return _say(db, entry, thread, db.new_id(), words, draft.mentions, actor)


def change(db: Work, comment_id: int, draft: CommentDraft, *, actor: Actor) -> Comment:
    """Say one's own comment in other words. Whoever is named anew gets a letter; who was told before stays named."""
    comment = queries.find(db, comment_id)
    rules.check_own(comment.author, str(actor))
    words, before = rules.check_words(draft.words), digest(comment)
    thread = queries.find_thread(db, comment.thread_id)
    if words != comment.words:
        comment.words, comment.changed_at = words, clock.now()
        _tell(db, facts.CommentChanged, thread, actor, before=before, after=digest(comment))
    _mention(db, content.find_entry(db, thread.entry_id), comment, draft.mentions, actor)
    return comment


def delete(db: Work, comment_id: int, *, actor: Actor) -> None:
    """Take one's own comment back. A thread in which nothing is left is gone with it."""
    comment = queries.find(db, comment_id)
    rules.check_own(comment.author, str(actor))
    thread = queries.find_thread(db, comment.thread_id)
    _tell(db, facts.CommentDeleted, thread, actor, before=digest(comment))
    db.delete(comment)
    db.flush()
    if not db.scalar(select(func.count()).select_from(Comment).where(Comment.thread_id == thread.id)):
        db.delete(thread)
        db.flush()


def resolve(db: Work, thread_id: int, *, actor: Actor) -> None:
    """Note that what a thread is about has been dealt with."""
    thread = queries.find_thread(db, thread_id)
    before = digest(thread)
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_by = clock.now(), str(actor)
        _tell(db, facts.CommentsResolved, thread, actor, before=before, after=digest(thread))


def reopen(db: Work, thread_id: int, *, actor: Actor) -> None:
    """Note that it has not been dealt with."""
    thread = queries.find_thread(db, thread_id)
    before = digest(thread)
    if thread.resolved_at is not None:
        thread.resolved_at, thread.resolved_by = None, ""
        _tell(db, facts.CommentsReopened, thread, actor, before=before, after=digest(thread))


def hand_over(db: Work, leaving: str, to: Actor, *, actor: Actor) -> None:
    """Name a colleague in every thread that waits for someone who leaves, where the colleague may answer.

    No letters go out: the first screen of the colleague shows all of them.
    """
    for comment, thread, kind in queries.last_words(db, leaving):
        may_answer = to.may("comment", kind, entry_id=thread.entry_id, language=thread.language)
        if not may_answer or comment.author == str(to):
            continue
        if db.get(Mention, (db.tenant_id, comment.id, str(to))) is None:
            db.add(Mention(comment_id=comment.id, person=str(to)))
            said = {"before": digest(thread, leaving), "after": digest(thread, str(to))}
            _tell(db, facts.CommentsHandedOver, thread, actor, **said)


def _say(
    db: Work, entry: Entry, thread: Thread, comment_id: int, words: str, mentions: Collection[str], actor: Actor
) -> Comment:
    comment = Comment(
        id=comment_id, thread_id=thread.id, author=str(actor), words=words, created_at=clock.now(), changed_at=None
    )
    db.add(comment)
    _tell(db, facts.CommentWritten, thread, actor, after=digest(comment))
    _mention(db, entry, comment, mentions, actor)
    return comment


def _mention(db: Work, entry: Entry, comment: Comment, chosen: Collection[str], actor: Actor) -> None:
    """Name those who are meant. The letters are sent by jobs once this is kept."""
    people = queries.colleagues(db, entry)
    for person in chosen:
        if person not in people:
            raise Invalid("comment.mention", say("“{person}” cannot read this text here.", person=person[:60]))
    known = set(db.scalars(select(Mention.person).where(Mention.comment_id == comment.id)))
    for person in sorted({*chosen, *rules.mentioned(comment.words, people)} - known - {str(actor)}):
        db.add(Mention(comment_id=comment.id, person=person))
        enqueue(db, MENTION, comment=comment.id, account=int(person.rpartition(":")[2]))
    db.flush()


def _check_room(db: Work, thread: Thread) -> None:
    here = (Thread.entry_id == thread.entry_id, Thread.language == thread.language)
    statement = select(func.count()).select_from(Comment).join(Thread, Thread.id == Comment.thread_id)
    rules.check_room(db.scalar(statement.where(*here)) or 0)


def _tell(
    db: Work, fact: Callable[..., Change], thread: Thread, actor: Actor, *, before: str = "", after: str = ""
) -> None:
    db.flush()
    kind = content.find_entry(db, thread.entry_id).kind
    about = {"kind": kind, "entry_id": thread.entry_id, "language": thread.language}
    tell(db, fact(actor=actor, before=before, after=after, **about))
