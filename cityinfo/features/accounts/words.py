"""Reasons in words. The codes and what goes into the sentences stay apart, so that they can be translated."""

from __future__ import annotations

from collections.abc import Sequence

from .rules import Question

# Code → why a membership does not allow something. The later ones tell more: they are about the thing, not the role.
REASONS = {
    "nobody": "You have no role in this city; ask one of its managers.",
    "permission": "Your role does not include this ({permission}); ask a manager of the city.",
    "kind": "This token is not for entries of the kind “{kind}”; use another one.",
    "translations": "You may publish nothing but translations, and only if a manager has said so; ask for a review.",
    "public": "Readers see this already, and you may not publish; ask an editor to change it.",
    "language": "Your role does not reach to this language ({language}); ask a manager of the city.",
    "organization": "This does not belong to your organization; you may only propose changes to what does.",
    "subtree": "This lies outside the pages you are responsible for; ask a manager of the city.",
}


def most_telling(codes: Sequence[str]) -> str:
    return max(codes, key=list(REASONS).index, default="nobody")


def sentence(code: str, question: Question) -> str:
    language = question.language or question.source
    return REASONS[code].format(permission=question.permission, kind=question.kind, language=language)
