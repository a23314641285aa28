"""Where a text stands, as editors are shown it: one sign and one word for each."""

from __future__ import annotations

from dataclasses import dataclass

from cityinfo.features import translation
from cityinfo.features.content import Condition, Draft, State
from cityinfo.kernel.i18n import _

CURRENT, OUTDATED, MISSING, DRAFT, REVIEW, MACHINE = "current", "outdated", "missing", "draft", "review", "machine"
KINDS = (CURRENT, OUTDATED, DRAFT, REVIEW, MISSING, MACHINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A text's sign (`current`, `outdated`, `missing`, `draft`, `review`, `machine`) and what it means in words."""

    sign: str
    word: str


def standing(draft: Draft, language: str) -> Standing:
    """What asks for someone comes before what is fine."""
    return of_sign(_sign(draft, language))


def of_sign(sign: str) -> Standing:
    return Standing(sign, words()[sign])


def words() -> dict[str, str]:
    """Every sign in words."""
    return {
        CURRENT: _("up to date"),
        OUTDATED: _("outdated"),
        DRAFT: _("draft"),
        REVIEW: _("in review"),
        MISSING: _("missing"),
        MACHINE: _("by machine, unchecked"),
    }


def _sign(draft: Draft, language: str) -> str:
    written = draft.texts.get(language)
    if written is None:
        return MISSING
    state = draft.states.get(language, State.UP_TO_DATE)
    return translation.standing(Condition(state, written.stage, written.text.review_state)).value
