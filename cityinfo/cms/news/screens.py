"""The screens of messages: what is their own on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from flask import request

from cityinfo.cms import entries
from cityinfo.cms.entries import Feature, Note, Screens, Wording
from cityinfo.cms.entries.words import number
from cityinfo.cms.layout import Form, notice
from cityinfo.cms.words import author_name
from cityinfo.cms.writing.desk import city_languages
from cityinfo.features import accounts, content, news, tenants
from cityinfo.features.news import NEWS, TWO_PERSON_FLAG, WRITTEN, Message, MessageFacts, State
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _

from . import words
from .forms import APPROVED, FACTS, PROBLEM, keep_words, shown, with_facts, words_of
from .phone import phone
from .steps import APPROVE, REQUEST, release

SEEN = (State.VISIBLE, State.EXPIRED)


class NewsScreens(Screens):
    """All languages in one form; whoever may send approves there, everyone else asks for it."""

    content_type = NEWS
    feature: ClassVar[Feature] = news
    plural = "news"
    symbol = "speakerphone"
    list_template = "news/list.html"
    names = FACTS
    fields: ClassVar[Mapping[str, str]] = {
        "news.from": "visible_from",
        "news.visible_from": "visible_from",
        "news.visible_until": "visible_until",
        "news.window": "visible_until",
    }
    refusals = ("news.own_work",)
    can_copy = True
    newest_first = True

    def wording(self) -> Wording:
        return Wording(
            heading=_("City news"),
            lead=_("What the city tells its readers now."),
            new=_("New message"),
            all=_("All news"),
            archived=_("Archived news"),
            more=_("Older news"),
            none_yet=_("There is no news yet."),
            none_fits=_("No news fits."),
            languages=_("Languages of this message"),
        )

    def notes(self, db: Work, entry_ids: Collection[int]) -> Mapping[int, Note]:
        figures = news.statistics(db, entry_ids)
        found = news.messages(db, entry_ids).values()
        return {one.id: Note(words.line(one, figures[one.id]), news.state_of(one) is State.EXPIRED) for one in found}

    def beginning(self, db: Work) -> dict[str, str]:  # noqa: ARG002 - the same in every city
        return {"mode": WRITTEN, "push": "1", "when": APPROVED}

    def typed(self) -> dict[str, str]:
        sent = {name: text for name, text in request.form.items() if name.partition("-")[0] in ("title", "content")}
        revisions = {name: text for name, text in request.form.items() if name.startswith("revision-")}
        return {**super().typed(), **sent, **revisions}

    def shown(self, db: Work, entry_id: int) -> dict[str, str]:
        return shown(news.facts_of(db, entry_id))

    def words_of(self, db: Work, entry_id: int) -> dict[str, str]:
        return words_of(db, entry_id)

    def keep(self, db: Work, entry_id: int | None, values: Mapping[str, str], *, actor: Actor) -> int:
        """Of what readers have seen, the end alone can be changed."""
        if entry_id is None:
            return news.create(db, with_facts(MessageFacts(), values, seen=False), actor=actor).id
        before = news.facts_of(db, entry_id)
        wanted = with_facts(before, values, seen=news.state_of(news.find(db, entry_id)) in SEEN)
        if wanted != before:
            news.change(db, entry_id, wanted, revision=number(values["revision"]), actor=actor)
        return entry_id

    def keep_words(self, db: Work, entry_id: int, values: Mapping[str, str], *, actor: Actor) -> None:
        keep_words(db, entry_id, values, city_languages(db), actor=actor)
        step = request.form.get("do")
        revision = content.find_entry(db, entry_id).revision
        if step == REQUEST:
            news.request_approval(db, entry_id, revision=revision, actor=actor)
        elif step == APPROVE:
            release(db, entry_id, actor=actor)

    def what_readers_see(self, db: Work, entry_id: int) -> str:
        message = news.find(db, entry_id)
        if _has_new_words(db, message):
            return _("Readers get the new words once they are approved.")
        return f"{words.standing(message)}."

    def say_what_was_done(self, seen: str) -> None:
        done = {REQUEST: _("Asked for approval."), APPROVE: _("Approved.")}
        notice(done.get(request.form.get("do", ""), _("Saved.")), seen)

    def refused(self, values: Mapping[str, str], problem: Problem) -> Form:
        name = problem.code.removeprefix(PROBLEM)
        return Form(values).refuse(problem, {problem.code: name} if name != problem.code else self.fields)

    def copy(self, db: Work, entry_id: int, *, actor: Actor) -> int:
        return news.copy(db, entry_id, actor=actor).id

    def around(self, db: Work, entry_id: int | None, form: Form) -> Mapping[str, Any]:
        message = news.find(db, entry_id) if entry_id else None
        sent = news.deliveries(db, entry_id) if entry_id else ()
        return {
            "phone": phone(form.values, city_languages(db), tenants.root_language(db)),
            "message": message,
            "stands": words.standing(message) if message else "",
            "sign": words.sign(message) if message else "draft",
            "state": news.state_of(message).value if message else State.DRAFT.value,
            "seen": message is not None and news.state_of(message) in SEEN,
            "new_words": message is not None and _has_new_words(db, message),
            "asked": _asked(db, message) if message else (),
            "followers": news.followers(db),
            "deliveries": sent,
            "channels": words.channels(),
            "delivery_words": words.deliveries(),
            "two_persons": tenants.offers(db, TWO_PERSON_FLAG),
            "is_on": tenants.offers(db, news.LOCAL_FLAG),
            "names": accounts.names(db),
            "author_name": author_name,
            "most": (news.MOST_TITLE, news.MOST_TEXT),
        }


SCREENS = NewsScreens()
entries.add(SCREENS)


def _asked(db: Work, message: Message) -> list[tuple[str, str]]:
    """What those who submitted its texts say to whoever approves them, with who it was."""
    waits = [text for text in content.texts(db, message.id) if text.review_state == content.REQUESTED]
    return [(text.submitted_by or "", text.review_message) for text in waits if text.review_message]


def _has_new_words(db: Work, message: Message) -> bool:
    """Whether a message that was approved has words since then which nobody has approved."""
    if news.state_of(message) is State.DRAFT:
        return False
    return any(text.current_version_id != text.public_version_id for text in content.texts(db, message.id))
