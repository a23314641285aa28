"""Reading comments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from cityinfo.features import accounts, content, organizations
from cityinfo.features.content import Entry, Waiting
from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from . import rules
from .models import Comment, Mention, Thread
from .rules import Passage

_MOST_SAID = 160  # characters of a comment where it is only named


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread with what was said in it. `stands` is false when the newest version no longer has its passage."""

    thread: Thread
    comments: Sequence[Comment]
    mentions: Mapping[int, Sequence[str]]
    stands: bool

    @property
    def is_open(self) -> bool:
        return self.thread.resolved_at is None

    @property
    def has_lost_its_beginning(self) -> bool:
        """Whether what opened it was taken back."""
        return self.comments[0].id != self.thread.id


def find(db: Work, comment_id: int) -> Comment:
    """The comment; `NotFound` when there is none."""
    comment = db.get(Comment, (db.tenant_id, comment_id))
    if comment is None:
        raise NotFound("comment.unknown", say("There is no comment {comment_id}.", comment_id=comment_id))
    return comment


def find_thread(db: Work, thread_id: int) -> Thread:
    """The thread; `NotFound` when there is none."""
    thread = db.get(Thread, (db.tenant_id, thread_id))
    if thread is None:
        raise NotFound("comment.unknown", say("There is no comment {comment_id}.", comment_id=thread_id))
    return thread


def conversations(db: Work, entry_id: int, language: str, *, resolved: bool | None = None) -> list[Conversation]:
    """What is said about a text, oldest first: open, resolved or all of it. A fixed number of statements."""
    here: list[ColumnElement[bool]] = [Thread.entry_id == entry_id, Thread.language == language]
    if resolved is not None:
        here.append(Thread.resolved_at.is_not(None) if resolved else Thread.resolved_at.is_(None))
    threads = db.scalars(select(Thread).where(*here).order_by(Thread.id)).all()
    return _with_what_was_said(db, threads, _words(db, entry_id, language), here)


def conversation(db: Work, thread: Thread) -> Conversation:
    """One thread with what is said in it."""
    words = _words(db, thread.entry_id, thread.language)
    return _with_what_was_said(db, [thread], words, [Thread.id == thread.id])[0]


def count_open(db: Work, entry_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """How many threads are open, by entry and language. One statement for every 500 entries."""
    found: dict[int, dict[str, int]] = {}
    for some in portions(entry_ids):
        statement = select(Thread.entry_id, Thread.language, func.count()).where(
            Thread.entry_id.in_(some), Thread.resolved_at.is_(None)
        )
        for entry_id, language, number in db.execute(statement.group_by(Thread.entry_id, Thread.language)):
            found.setdefault(entry_id, {})[language] = number
    return found


def colleagues(db: Work, entry: Entry) -> dict[str, str]:
    """Who can be asked to look at an entry: names of all who may comment on it, by how the audit log names them."""
    return accounts.able(db, f"{entry.kind}:comment", organizations.owners(db, entry.id))


def waiting(db: Work, kinds: Collection[str], actor: Actor) -> list[Waiting]:
    """Texts with an open thread in which this person was named or has spoken, and someone else had the last word.

    The longest waiting first, `by` and `said` of that last word. Nothing archived waits for anyone.
    """
    rows = [_waiting(*found) for found in last_words(db, str(actor), kinds)]
    return [row for row in rows if actor.may("comment", row.kind, entry_id=row.entry_id, language=row.language)]


def last_words(db: Work, person: str, kinds: Collection[str] = ()) -> list[tuple[Comment, Thread, str]]:
    """The last comment of every open thread that waits for someone, with its thread and the kind of the entry, oldest
    first; of these kinds or of all. One statement."""
    last: dict[int, tuple[Comment, Thread, str]] = {}
    for comment, thread, of_kind in db.execute(_concerning(person, kinds)):
        last[thread.id] = (comment, thread, of_kind)
    return [one for one in sorted(last.values(), key=lambda one: one[0].id) if one[0].author != person]


def _with_what_was_said(
    db: Work, threads: Sequence[Thread], words: str, here: Sequence[ColumnElement[bool]]
) -> list[Conversation]:
    """The threads that are `here` as conversations about these words."""
    said = select(Comment).join(Thread, Thread.id == Comment.thread_id).where(*here).order_by(Comment.id)
    comments: dict[int, list[Comment]] = {}
    for comment in db.scalars(said):
        comments.setdefault(comment.thread_id, []).append(comment)
    named = select(Mention).join(Comment, Comment.id == Mention.comment_id)
    mentions: dict[int, list[str]] = {}
    for one in db.scalars(named.join(Thread, Thread.id == Comment.thread_id).where(*here)):
        mentions.setdefault(one.comment_id, []).append(one.person)
    return [Conversation(thread, comments.get(thread.id, ()), mentions, _stands(thread, words)) for thread in threads]


def _stands(thread: Thread, words: str) -> bool:
    passage = Passage(thread.quote, thread.words_before, thread.words_after)
    return not thread.quote or rules.place(passage, words) is not None


def _concerning(person: str, kinds: Collection[str]) -> Any:
    """Everything said in the open threads that concern someone, in order."""
    spoken = select(Comment.thread_id).where(Comment.author == person)
    named = select(Comment.thread_id).join(Mention, Mention.comment_id == Comment.id).where(Mention.person == person)
    statement = (
        select(Comment, Thread, Entry.kind)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Entry, Entry.id == Thread.entry_id)
        .where(Entry.archived_at.is_(None), Thread.resolved_at.is_(None))
        .where(or_(Thread.id.in_(spoken), Thread.id.in_(named)))
        .order_by(Comment.id)
    )
    return statement.where(Entry.kind.in_(kinds)) if kinds else statement


def _waiting(comment: Comment, thread: Thread, kind: str) -> Waiting:
    said = rules.one_line(comment.words)
    return Waiting(
        entry_id=thread.entry_id,
        kind=kind,
        language=thread.language,
        title="",
        at=comment.created_at,
        by=comment.author,
        said=said if len(said) <= _MOST_SAID else f"{said[: _MOST_SAID - 2].rstrip()} …",
    )


def _words(db: Work, entry_id: int, language: str) -> str:
    """Title and text of the newest version on one line."""
    text = content.text_of(db, entry_id, language)
    version = content.version(db, text.current_version_id) if text else None
    return rules.one_line(f"{version.title}\n{html.plain_text(version.content)}") if version else ""
