"""The list of a kind, the form of one entry and what is done with it. What is a kind's own stands in its room."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.kinds import readable_entries
from cityinfo.cms.layout import Form, go, note_saved, notice, render, screen
from cityinfo.cms.states import standing
from cityinfo.cms.writing.desk import city_languages
from cityinfo.features import content, tenants
from cityinfo.features.content import ContentType, Draft, Search
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Forbidden, Invalid, Outdated, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.problems import status_of
from cityinfo.web.request import rights_of

from . import words

ON_A_SHEET = 50
SHOW = "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a kind is spoken of on its screens."""

    heading: str
    lead: str
    new: str
    all: str
    archived: str
    more: str
    none_yet: str
    none_fits: str
    languages: str
    body: str = ""  # what the paragraphs are called; empty where a kind has a title only
    title: str = ""
    title_hint: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What a list says of an entry beside its title, whether it is past or put away, and where it comes from."""

    line: str
    is_off: bool = False
    source: str = ""


class Feature(Protocol):
    """What a feature does with entries of its kind; its package is one."""

    def create(self, db: Work, facts: Any, /, *, actor: Actor) -> Any: ...

    def change(self, db: Work, entry_id: int, facts: Any, /, *, revision: int, actor: Actor) -> None: ...

    def archive(self, db: Work, entry_id: int, /, *, revision: int, actor: Actor) -> None: ...

    def restore(self, db: Work, entry_id: int, /, *, revision: int, actor: Actor) -> None: ...


class Screens(ABC):
    """The screens of one kind of content.

    `names` are the fields of its own, each a text as it was typed; those in `several` are sent once for each of what
    was chosen, and joined by commas. `fields` leads codes of problems to fields; what is forbidden under one of the
    codes in `refusals` is said above the form. By `filters` its list is sifted.
    """

    content_type: ClassVar[ContentType]
    feature: ClassVar[Feature]
    plural: ClassVar[str]
    symbol: ClassVar[str]
    list_template: ClassVar[str] = "entries/list.html"
    names: ClassVar[Sequence[str]]
    several: ClassVar[Collection[str]] = ()
    fields: ClassVar[Mapping[str, str]] = {}
    refusals: ClassVar[Collection[str]] = ()
    filters: ClassVar[Sequence[str]] = ()
    can_copy: ClassVar[bool] = False
    newest_first: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        return self.content_type.kind

    @abstractmethod
    def wording(self) -> Wording: ...

    @abstractmethod
    def notes(self, db: Work, entry_ids: Collection[int]) -> Mapping[int, Note]:
        """What the list says of entries, by identity. A fixed number of statements."""

    @abstractmethod
    def shown(self, db: Work, entry_id: int) -> dict[str, str]:
        """The facts of an entry as fields show them."""

    def facts(self, db: Work, entry_id: int | None) -> Any:
        """What is said of an entry beside words, or with what a new one begins."""
        raise NotImplementedError

    def with_typed(self, before: Any, values: Mapping[str, str]) -> Any:
        """The facts with what was typed; what the form does not ask for stays as it was `before`."""
        raise NotImplementedError

    def beginning(self, db: Work) -> dict[str, str]:  # noqa: ARG002 - for those whose beginning depends on the city
        """With what an empty form begins; fields that are not named are empty."""
        return {}

    def around(self, db: Work, entry_id: int | None, form: Form) -> Mapping[str, Any]:  # noqa: ARG002 - see above
        """What else its form shows."""
        return {}

    def among(self, db: Work, looked_for: Mapping[str, str]) -> Collection[int] | None:  # noqa: ARG002 - see above
        """The entries that fit what its list is asked for beside words; None for all of them."""
        return None

    def beside(self, db: Work) -> Mapping[str, Any]:  # noqa: ARG002 - see above
        """What else its list shows."""
        return {}

    def stepped(self, values: dict[str, str], step: str) -> dict[str, str]:  # noqa: ARG002 - see above
        """The fields after one of the form's own buttons. Nothing is kept; what takes long may be asked for here."""
        return values

    def copy(self, db: Work, entry_id: int, *, actor: Actor) -> int:
        """A new entry that says the same; its identity."""
        raise NotImplementedError

    def keep(self, db: Work, entry_id: int | None, values: Mapping[str, str], *, actor: Actor) -> int:
        """Make the entry, or say something else of it where anything changed; its identity."""
        before = self.facts(db, entry_id)
        wanted = self.with_typed(before, values)
        if entry_id is None:
            return int(self.feature.create(db, wanted, actor=actor).id)
        if wanted != before:
            self.feature.change(db, entry_id, wanted, revision=words.number(values["revision"]), actor=actor)
        return entry_id

    def words_of(self, db: Work, entry_id: int) -> dict[str, str]:
        """The words of an entry as fields show them."""
        return words.words_of(db, entry_id, tenants.root_language(db))

    def keep_words(self, db: Work, entry_id: int, values: Mapping[str, str], *, actor: Actor) -> None:
        """Save the words where anything changed, and publish them when that was asked for (`do`)."""
        words.keep_words(db, entry_id, tenants.root_language(db), values, actor)

    def what_readers_see(self, db: Work, entry_id: int) -> str:
        """What to say of it after it was saved."""
        return words.what_readers_see(db, entry_id, tenants.root_language(db))

    def say_what_was_done(self, seen: str) -> None:
        """In a notice on the next screen."""
        words.say_what_was_done(seen)

    def refused(self, values: Mapping[str, str], problem: Problem) -> Form:
        """The form with what was typed, and why it cannot be taken."""
        return Form(values).refuse(problem, {"text.title": "title", **self.fields})

    def typed(self) -> dict[str, str]:
        """The fields as they were sent."""
        values = {name: request.form.get(name, "") for name in (*words.FIELDS, *self.names)}
        return values | {name: ",".join(request.form.getlist(name)) for name in self.several}

    def show_list(self, tenant: str) -> AnyResponse:  # noqa: ARG002 - the door has read it
        """A sheet at a time; `q` looks in titles, `archived` shows what was put away."""
        looked_for = {name: request.args.get(name, "") for name in ("q", "archived", *self.filters)}
        with screen() as (db, actor):
            search = Search(
                q=looked_for["q"],
                archived=bool(looked_for["archived"]),
                among=both(readable_entries(db, self.kind, actor), self.among(db, looked_for)),
                after=request.args.get("after", 0, type=int),
                newest_first=self.newest_first,
                most=ON_A_SHEET,
            )
            drafts, following = content.listing(db, self.content_type, search)
            return render(
                self.list_template,
                screens=self,
                wording=self.wording(),
                rows=self._rows(db, drafts),
                languages=city_languages(db),
                looked_for=looked_for,
                following=following,
                **self.beside(db),
            )

    def new(self, tenant: str) -> AnyResponse:  # noqa: ARG002
        """An empty form."""
        with screen() as (db, actor):
            empty = dict.fromkeys((*words.FIELDS, *self.names), "")
            return self.form(db, actor, None, Form({**empty, "text_revision": "0", **self.beginning(db)}))

    def create(self, tenant: str) -> AnyResponse:
        """Make the entry with its first text. What was typed stays when it is refused."""
        return self._save(tenant, None)

    def edit(self, tenant: str, entry_id: int) -> AnyResponse:  # noqa: ARG002
        """Its facts and its words in the city's own language."""
        with screen() as (db, actor):
            self.check_reading(actor, entry_id)
            return self.form(db, actor, entry_id, Form(self._values(db, entry_id)))

    def save(self, tenant: str, entry_id: int) -> AnyResponse:
        """Save all of the form and, when asked for (`do`), publish its words. What was typed stays when refused."""
        return self._save(tenant, entry_id)

    def make_copy(self, tenant: str, entry_id: int) -> AnyResponse:
        """A new entry that says the same, not public yet."""
        try:
            with screen(write=True) as (db, actor):
                self.check_reading(actor, entry_id)
                twin_id = self.copy(db, entry_id, actor=actor)
        except Invalid as problem:
            notice(sentences.said(problem), kind="danger")
            return go(f"edit_{self.kind}", tenant=tenant, entry_id=entry_id)
        notice(_("This is the copy."), _("Readers do not see it yet."))
        return go(f"edit_{self.kind}", tenant=tenant, entry_id=twin_id)

    def archive(self, tenant: str, entry_id: int) -> AnyResponse:
        """Out of sight, or back (`back`)."""
        back = bool(request.form.get("back"))
        revision = request.form.get("revision", 0, type=int)
        try:
            with screen(write=True) as (db, actor):
                act = self.feature.restore if back else self.feature.archive
                act(db, entry_id, revision=revision, actor=actor)
        except (Conflict, Invalid) as problem:
            notice(sentences.said(problem), kind="danger")
            return go(f"edit_{self.kind}", tenant=tenant, entry_id=entry_id)
        notice(_("It is back.") if back else _("Archived."))
        return go(f"edit_{self.kind}", tenant=tenant, entry_id=entry_id) if back else self._go_to_list(tenant)

    def check_reading(self, actor: Actor, entry_id: int) -> None:
        """Reading is told to nobody, so its right is asked here."""
        rights_of(actor).check("read", self.kind, entry_id=entry_id, language="")

    def _go_to_list(self, tenant: str) -> AnyResponse:
        return go(f"list_{self.plural}", tenant=tenant)

    def _save(self, tenant: str, entry_id: int | None) -> AnyResponse:
        values = self.typed()
        do, _sign, step = request.form.get("do", "").partition(":")
        if do == SHOW:
            return self._as_typed(entry_id, self.stepped(values, step))
        try:
            with screen(write=True) as (db, actor):
                kept_id = self.keep(db, entry_id, values, actor=actor)
                self.keep_words(db, kept_id, values, actor=actor)
                seen = self.what_readers_see(db, kept_id)
        except (Conflict, Invalid) as problem:
            return self._again(entry_id, values, problem)
        except Forbidden as problem:
            if problem.code not in self.refusals:
                raise
            return self._again(entry_id, values, problem)
        self.say_what_was_done(seen)
        note_saved()
        return go(f"edit_{self.kind}", tenant=tenant, entry_id=kept_id)

    def _as_typed(self, entry_id: int | None, values: dict[str, str]) -> AnyResponse:
        """The form with what was typed, which asks for what fits it and is not kept yet."""
        with screen() as (db, actor):
            if entry_id is not None:
                self.check_reading(actor, entry_id)
            return self.form(db, actor, entry_id, Form(values))

    def _again(self, entry_id: int | None, values: dict[str, str], problem: Problem) -> AnyResponse:
        """The form with what was typed. After a conflict it can be saved again, over what the other person wrote."""
        with screen() as (db, actor):
            if entry_id is not None:
                kept = self._values(db, entry_id)
                values |= {name: kept[name] for name in kept if "revision" in name}
            overtaken = Form(values, problem=sentences.overtaken()) if isinstance(problem, Outdated) else None
            form = overtaken or self.refused(values, problem)
            return self.form(db, actor, entry_id, form, status=status_of(problem))

    def form(self, db: Work, actor: Actor, entry_id: int | None, form: Form, *, status: int = 200) -> AnyResponse:
        """The form of an entry, or of one that is not there yet, and all around it."""
        root, spoken = tenants.root_language(db), city_languages(db)
        draft = content.draft(db, self.content_type, entry_id) if entry_id else None
        return render(
            f"{self.plural}/edit.html",
            status=status,
            screens=self,
            wording=self.wording(),
            entry_id=entry_id,
            draft=draft,
            title=_title(draft, root) if draft else "",
            root=root,
            languages=spoken,
            standings={slug: standing(draft, slug) for slug in spoken} if draft else {},
            form=form,
            may_write=entry_id is None or actor.may("edit", self.kind, entry_id=entry_id, language=""),
            may_publish=actor.may("publish", self.kind, entry_id=entry_id or 0, language=root),
            **self.around(db, entry_id, form),
        )

    def _values(self, db: Work, entry_id: int) -> dict[str, str]:
        """Everything the form shows of what is kept."""
        revision = content.find_entry(db, entry_id, self.kind).revision
        return {**self.shown(db, entry_id), **self.words_of(db, entry_id), "revision": str(revision)}

    def _rows(self, db: Work, drafts: Sequence[Draft]) -> list[dict[str, Any]]:
        notes, root = self.notes(db, [draft.entry.id for draft in drafts]), tenants.root_language(db)
        return [_row(draft, notes[draft.entry.id], root) for draft in drafts]


def _title(draft: Draft, root: str) -> str:
    return content.name({language: written.title for language, written in draft.texts.items()}, root)[0]


def _row(draft: Draft, note: Note, root: str) -> dict[str, Any]:
    return {
        "id": draft.entry.id,
        "title": _title(draft, root),
        "note": note,
        "standings": {language: standing(draft, language) for language in draft.states},
    }


def both(one: Collection[int] | None, other: Collection[int] | None) -> Collection[int] | None:
    """What is in both of them, of which each may be all there is."""
    if one is None or other is None:
        return other if one is None else one
    return set(one) & set(other)
