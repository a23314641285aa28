"""Who may do what. Pure: one table of roles, and how one membership answers one question."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

OBSERVER, CONTRIBUTOR, EVENT_MANAGER, AUTHOR = "observer", "contributor", "event_manager", "author"
TRANSLATOR, EDITOR, MANAGER = "translator", "editor", "manager"
ROLES = (OBSERVER, CONTRIBUTOR, EVENT_MANAGER, AUTHOR, TRANSLATOR, EDITOR, MANAGER)
TOKEN = "token"  # noqa: S105 - what a machine is called, no secret
PAGE = "page"
MEDIA = "media"
OWN = "o"  # the mark of what reaches only to the own organization

# One letter a role, in the order above:
#   O observer  C contributor  V event manager  A author  T translator  E editor  M manager
#   K the most that a token of the API can be given
# and what it says:
#   x  yes
#   o  only what belongs to the member's organization
#   t  only translations
#   p  only translations, and only if the membership says so
# `write` is for words in the language the city writes in, `translate` for words in any other, `edit` for what stands
# beside the words, `publish` for everything that readers see at once. To say that a public translation is still correct
# takes `translate`: readers see the same words. Whoever reads what is not public yet may `comment` on it, however far
# the role reaches otherwise: nothing that readers see depends on it.
TABLE = (
    # kinds                                  verbs              O C V A T E M K
    ("page",                                 "read comment",   "x o - x x x x x"),
    ("page",                                 "propose",        "- o - - - - - -"),
    ("imprint",                              "read comment",   "x - - x x x x x"),
    ("page",                                 "create write",   "- - - x - x x x"),
    ("page",                                 "edit",           "- - - x - x x x"),
    ("imprint",                              "create write",   "- - - - - x x x"),
    ("imprint",                              "edit",           "- - - - - x x x"),
    ("page imprint",                         "translate",      "- - - x x x x x"),
    ("page imprint",                         "publish",        "- - - - p x x x"),
    ("page imprint",                         "archive",        "- - - - - x x -"),
    ("page imprint",                         "delete",         "- - - - - - x -"),

    ("event occurrence offer location",      "read comment",   "x o x x x x x x"),
    ("event occurrence offer location",      "create write",   "- - x x - x x x"),
    ("event occurrence offer location",      "edit",           "- - x x - x x x"),
    ("event occurrence offer location",      "translate",      "- - x x x x x x"),
    ("event occurrence offer location",      "publish",        "- - x - p x x x"),
    ("event offer location",                 "archive",        "- - x - - x x -"),
    ("event offer location",                 "delete",         "- - - - - - x -"),
    ("event offer location",                 "propose",        "- o - - - - - -"),
    ("occurrence",                           "archive delete", "- - x x - x x x"),  # an event's date is as usual again

    ("contact organization",                 "read comment",   "x o x x x x x x"),
    ("contact organization",                 "create write",   "- - - x - x x x"),
    ("contact organization",                 "edit",           "- - - x - x x x"),
    ("contact organization",                 "translate",      "- - - x x x x x"),
    ("contact organization",                 "publish",        "- - - - p x x x"),
    ("contact organization",                 "archive",        "- - - - - x x -"),
    ("contact organization",                 "delete",         "- - - - - - x -"),
    ("contact organization",                 "propose",        "- o - - - - - -"),

    ("media",                                "read comment",   "x o x x x x x x"),
    ("media",                                "create write",   "- - x x - x x x"),
    ("media",                                "translate",      "- - x x x x x x"),
    ("media",                                "edit",           "- - x x - x x x"),
    ("media",                                "publish",        "- - x x t x x x"),  # what is said of files is public
    ("media",                                "archive",        "- - - - - x x -"),
    ("media",                                "delete",         "- - - - - - x -"),

    ("news",                                 "read comment",   "x - - x x x x x"),
    ("news",                                 "create write",   "- - - x - x x x"),
    ("news",                                 "edit",           "- - - x - x x x"),
    ("news",                                 "translate",      "- - - x x x x x"),
    ("news",                                 "archive",        "- - - - - x x -"),
    ("news",                                 "publish send",   "- - - - - - x -"),
    ("news",                                 "delete manage",  "- - - - - - x -"),

    ("feedback",                             "read",           "x - - - - x x x"),
    ("feedback",                             "edit archive",   "- - - - - x x -"),
    ("proposal",                             "read manage",    "- - - - - x x -"),
    ("calendar",                             "read",           "x - x x x x x x"),
    ("calendar",                             "manage",         "- - x - - x x -"),
    ("search",                               "manage",         "- - - - - x x -"),
    ("people",                               "read manage",    "- - - - - - x -"),
    ("settings languages",                   "read",           "x x x x x x x x"),
    ("settings languages",                   "manage",         "- - - - - - x -"),
    ("audit jobs",                           "read",           "- - - - - - x x"),
    ("jobs tokens webhooks",                 "manage",         "- - - - - - x -"),
    ("tokens webhooks",                      "read",           "- - - - - - x -"),
    ("platform",                             "manage",         "- - - - - - - -"),
)  # fmt: skip


def _marks() -> dict[str, dict[str, str]]:
    """Permission → role → mark, without the roles that have none."""
    found: dict[str, dict[str, str]] = {}
    for kinds, verbs, marks in TABLE:
        by_role = {role: mark for role, mark in zip((*ROLES, TOKEN), marks.split(), strict=True) if mark != "-"}
        found.update({f"{kind}:{verb}": by_role for kind in kinds.split() for verb in verbs.split()})
    return found


MARKS = _marks()
PERMISSIONS = frozenset(MARKS)
VERBS = frozenset(permission.partition(":")[2] for permission in PERMISSIONS)
CONTENT = frozenset(permission.partition(":")[0] for permission in PERMISSIONS if permission.endswith(":translate"))
FOR_TOKENS = frozenset(permission for permission, roles in MARKS.items() if TOKEN in roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one membership, or one token, lets its holder do: permissions with a mark, and how far they reach.

    Without `languages` all, without `subtree` everything. A subtree confines every change to these pages and what
    hangs below them; only files may be added besides. What is `reviewed` changes nothing that readers see.
    """

    role: str
    marks: dict[str, str]
    languages: frozenset[str] = frozenset()
    subtree: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    organization: int | None = None
    may_publish: bool = False
    reviewed: bool = False

    def publishes(self, kind: str) -> bool:
        return not self.reviewed and f"{kind}:publish" in self.marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May this be done? What only the database knows is asked when it matters."""

    verb: str
    kind: str
    language: str = ""
    source: str = ""
    inside: Callable[[Grant], bool] = field(default=lambda _: True)
    owners: Callable[[], Collection[int]] = field(default=tuple)
    is_public: Callable[[], bool] = field(default=lambda: False)

    @property
    def permission(self) -> str:
        translates = self.verb == "write" and self.language not in ("", self.source)
        return f"{self.kind}:{'translate' if translates else self.verb}"


def marks_of(role: str) -> dict[str, str]:
    """The permissions of a role."""
    return {permission: roles[role] for permission, roles in MARKS.items() if role in roles}


def refusal(grant: Grant, question: Question) -> str:
    """Why the grant does not allow it, as a code of `words.REASONS`; empty when it does."""
    mark = grant.marks.get(question.permission)
    if mark is None:
        return "permission"
    if grant.kinds and question.kind not in grant.kinds:
        return "kind"
    if mark == OWN and grant.organization not in question.owners():
        return "organization"
    if mark in "tp" and question.language in ("", question.source):
        return "translations"
    if mark == "p" and not grant.may_publish:
        return "translations"
    return "" if question.verb in ("read", "comment") else _out_of_reach(grant, question)


def _out_of_reach(grant: Grant, question: Question) -> str:
    if question.kind in CONTENT and grant.languages and (question.language or question.source) not in grant.languages:
        return "language"
    if grant.subtree and question.kind == PAGE and not question.inside(grant):
        return "subtree"
    if grant.subtree and question.kind not in (PAGE, MEDIA):
        return "subtree"
    if grant.reviewed and question.verb == "publish":
        return "review"
    shows_at_once = question.verb in ("edit", "archive") and question.kind in CONTENT
    return "public" if shows_at_once and not grant.publishes(question.kind) and question.is_public() else ""


def check_role(role: str) -> str:
    if role not in ROLES:
        raise Invalid(
            "membership.role",
            say("“{role}” is no role; choose one of {choices}.", role=role[:50], choices=", ".join(ROLES)),
        )
    return role


def check_reach(
    role: str, *, languages: Collection[str], subtree: Collection[int], organization: int | None, may_publish: bool
) -> None:
    """A manager answers for the whole city; a contributor for one organization."""
    if role == MANAGER and (languages or subtree or organization):
        raise Invalid("membership.manager", "A manager answers for the whole city; choose editor for a part of it.")
    if (role == CONTRIBUTOR) != (organization is not None):
        raise Invalid("membership.organization", "A contributor, and nobody else, belongs to an organization.")
    if may_publish and role != TRANSLATOR:
        raise Invalid("membership.may_publish", "Only of translators it is said whether they may publish.")


def has_ended(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now


def check_permission(permission: str) -> str:
    if permission not in PERMISSIONS:
        raise Invalid(
            "rights.permission",
            say("“{permission}” is no permission; write one such as page:write.", permission=permission[:60]),
        )
    return permission


def check_email(email: str) -> str:
    """The address as it is compared: without spaces around it, in lower case."""
    email = email.strip().lower()
    name, at, host = email.rpartition("@")
    if not (name and at and "." in host) or len(email) > 254 or any(one.isspace() for one in email):
        raise Invalid("account.email", "This is no e-mail address; write one such as name@example.org.")
    return email
