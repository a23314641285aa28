"""What a person may do in one unit of work: their grants, and the way from an entry to what decides about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from cityinfo.features import tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Forbidden

from . import rules, words
from .rules import CONTENT, OWN, PAGE, Grant, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """How rights find their way in content, which comes after them. Each is asked in the tenant's unit of work.

    `below` answers pages with all that hang below them, `owners` the organizations an entry belongs to, `is_public`
    whether readers see any of its texts.
    """

    below: Callable[[Work, Collection[int]], set[int]]
    owners: Callable[[Work, int], Collection[int]]
    is_public: Callable[[Work, int], bool]


NOWHERE = Places(below=lambda _, pages: set(pages), owners=lambda *_: (), is_public=lambda *_: True)


class PersonRights:
    """Answers of all grants together: what one of them allows is allowed. They belong to one unit of work.

    Which pages lie in a subtree is read at once: a page must be there before a change and after it, so nobody can pull
    a foreign page into their own part or push one out of it.
    """

    def __init__(self, db: Work, grants: Iterable[Grant], places: Places = NOWHERE) -> None:
        self._db = db
        self._places = places
        self.grants = tuple(grants)
        self.reviewed = any(grant.reviewed for grant in self.grants)
        self._created: set[int] = set()
        self._before = self._subtrees()
        self._after: dict[frozenset[int], set[int]] | None = None

    def may(self, permission: str) -> bool:
        """Whether any grant has this permission for anything at all. A door; what matters is asked with the change."""
        return any(permission in grant.marks for grant in self.grants)

    def confined_to(self, permission: str) -> frozenset[int] | None:
        """The organizations whose entries this permission is confined to; None when it reaches to all."""
        having = [grant for grant in self.grants if permission in grant.marks]
        if any(grant.marks[permission] != OWN for grant in having):
            return None
        return frozenset(grant.organization for grant in having if grant.organization is not None)

    def permissions(self) -> frozenset[str]:
        return frozenset(permission for grant in self.grants for permission in grant.marks)

    def check(self, verb: str, kind: str, *, entry_id: int, language: str) -> None:
        self._after = None
        question = self.question(verb, kind, entry_id=entry_id, language=language)
        if verb == "create":  # what is new hangs nowhere yet; where it hangs in the end is asked as an outcome
            question = replace(question, inside=lambda _: True)
            self._created.add(entry_id)
        self._refuse(question)

    def check_outcome(self, verb: str, kind: str, *, entry_id: int, language: str) -> None:
        if kind != PAGE or verb == "delete" or not any(grant.subtree for grant in self.grants):
            return
        now = self._after = self._after or self._subtrees()
        question = self.question(verb, kind, entry_id=entry_id, language=language)
        # Whether readers see it has been asked before it may have been published.
        is_inside = replace(question, inside=lambda grant: entry_id in now[grant.subtree], is_public=lambda: False)
        self._refuse(is_inside)

    def reach(self, verb: str, kind: str, *, language: str) -> frozenset[int] | None:
        question = replace(self.question(verb, kind, entry_id=0, language=language), inside=lambda _: True)
        allowing = [grant for grant, code in self.refusals(question) if not code]
        if any(not grant.subtree for grant in allowing):
            return None
        return frozenset(root for grant in allowing for root in grant.subtree)

    def question(self, verb: str, kind: str, *, entry_id: int, language: str) -> Question:
        """The question as it stands before the change."""
        return Question(
            verb=verb,
            kind=kind,
            language=language,
            source=self._source(kind),
            inside=lambda grant: entry_id in self._created or entry_id in self._before[grant.subtree],
            owners=lambda: self._places.owners(self._db, entry_id),
            is_public=lambda: self._places.is_public(self._db, entry_id),
        )

    def refusals(self, question: Question) -> list[tuple[Grant, str]]:
        """Every grant with the reason why it does not allow this; an empty reason means that it does."""
        return [(grant, rules.refusal(grant, question)) for grant in self.grants]

    def _refuse(self, question: Question) -> None:
        refusals = self.refusals(question)
        if any(not code for _, code in refusals):
            return
        code = words.most_telling([code for _, code in refusals])
        raise Forbidden(f"rights.{code}", words.sentence(code, question), permission=question.permission)

    def _subtrees(self) -> dict[frozenset[int], set[int]]:
        wanted = {grant.subtree for grant in self.grants if grant.subtree}
        return {frozenset(): set(), **{subtree: self._places.below(self._db, subtree) for subtree in wanted}}

    def _source(self, kind: str) -> str:
        """The language the city writes in; for what has no words, such as people, no city is asked."""
        if kind not in CONTENT:
            return ""
        return tenants.root_language(self._db)
