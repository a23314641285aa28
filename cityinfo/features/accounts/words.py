"""Reasons in words. The codes and what goes into the sentences stay apart, so that they can be translated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cityinfo.kernel.i18n import Sentence, say

from .rules import Question

# Code → why something is refused, said to whoever tried. The later ones tell more: they are about the thing, not the
# role.
REASONS = {
    "nobody": say("You have no role in this city; ask one of its managers."),
    "permission": say("Your role does not include this ({permission}); ask a manager of the city."),
    "kind": say("This token is not for entries of the kind “{kind}”; use another one."),
    "translations": say(
        "You may publish nothing but translations, and only if a manager has said so; ask for a review."
    ),
    "review": say("What this token changes waits for a review; ask for it instead."),
    "public": say("Readers see this already, and you may not publish; ask an editor to change it."),
    "language": say("Your role does not reach to this language ({language}); ask a manager of the city."),
    "organization": say("This does not belong to your organization; you may only propose changes to what does."),
    "subtree": say("This lies outside the pages you are responsible for; ask a manager of the city."),
}
# Code → why a person may or may not do something, said to a manager.
EXPLANATIONS = {
    "locked": say("{name}'s account is locked."),
    "nobody": say("{name} has no role in this city."),
    "staff": say("{name} belongs to the platform's staff and may do this after entering the city with a reason."),
    "ended": say("The role {role} ended on {date}."),
    "allowed": say("{name} may do this as {role}, which includes {permission}."),
    "whole_city": say("The role holds for the whole city."),
    "in_subtree": say("The role is given for some pages and all below them, and this is one of these."),
    "in_language": say("The role is given for these languages: {languages}."),
    "until": say("The role ends on {date}."),
    "translations_allowed": say("The membership says that {name} may publish translations."),
    "permission": say("The role {role} does not include {permission}."),
    "translations": say("As {role}, {name} publishes translations only, and only if the membership says so."),
    "public": say("Readers see this already, and the role {role} does not include publishing it."),
    "language": say("The role {role} is not given for this language ({language})."),
    "organization": say("This does not belong to the organization for which {name} is {role}."),
    "subtree": say("This lies outside the pages for which {name} is {role}."),
}
ROLE_NAMES = {
    "observer": say("observer"),
    "contributor": say("contributor"),
    "event_manager": say("event manager"),
    "author": say("author"),
    "translator": say("translator"),
    "editor": say("editor"),
    "manager": say("manager"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Part of an explanation: a code of `EXPLANATIONS` and what goes into its sentence."""

    code: str
    data: Mapping[str, str]

    @property
    def sentence(self) -> Sentence:
        return EXPLANATIONS[self.code].with_values(**self.data)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a person may do something, and why."""

    allowed: bool
    reasons: Sequence[Reason]

    @property
    def sentences(self) -> list[Sentence]:
        return [reason.sentence for reason in self.reasons]


def most_telling(codes: Sequence[str]) -> str:
    return max(codes, key=list(REASONS).index, default="nobody")


def sentence(code: str, question: Question) -> Sentence:
    """Why this is refused, to whoever tried."""
    return REASONS[code].with_values(**said_of(question))


def said_of(question: Question) -> dict[str, str]:
    language = question.language or question.source
    return {"permission": question.permission, "kind": question.kind, "language": language}
