"""What the screen of a translation sends: passage by passage, the title first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from cityinfo.cms.writing.forms import Typed, number
from cityinfo.features.translation import Frame, Rendering, composed
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _

_PARTS = ("source", "list", "opens", "closes", "target")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A translation as it was typed. `shown` is the version of the source that stood beside it."""

    renderings: Sequence[Rendering]
    shown: int
    revision: int
    version: int | None

    @property
    def typed(self) -> Typed:
        """The same as the words of one text."""
        title, words = composed(self.renderings)
        return Typed(title, words, "", self.revision, self.version, minor=False)

    def settled(self) -> list[Rendering]:
        """All of it, with nothing left to do."""
        return [replace(one, settled=True) for one in self.renderings]


def rendered() -> Rendered:
    """The passages of the form that was sent, or of the JSON a script sent."""
    sent: Any = request.get_json() if request.is_json else request.form
    if not isinstance(sent, Mapping):
        raise _unusable()
    passages = sent.get("passages") if request.is_json else _passages_of_form()
    if not isinstance(passages, list) or not all(isinstance(one, Mapping) for one in passages) or not passages:
        raise _unusable()
    return Rendered(
        [_rendering(one) for one in passages],
        number(sent.get("shown")) or 0,
        number(sent.get("revision")) or 0,
        number(sent.get("version")),
    )


def _passages_of_form() -> list[dict[str, Any]]:
    settled = set(request.form.getlist("settled"))
    columns = [request.form.getlist(name) for name in _PARTS]
    if len({len(column) for column in columns}) != 1:
        raise _unusable()
    rows = zip(*columns, strict=True)
    return [{**dict(zip(_PARTS, row, strict=True)), "settled": str(at) in settled} for at, row in enumerate(rows)]


def _unusable() -> Invalid:
    return Invalid("translation.form", _("This request cannot be used; go back and try again."))


def _rendering(sent: Mapping[str, Any]) -> Rendering:
    name, opens, closes = (str(sent.get(one) or "") for one in ("list", "opens", "closes"))
    words = str(sent.get("target") or "").replace("\r\n", "\n")
    return Rendering(
        source=str(sent.get("source") or ""),
        words=words if words.strip() else "",
        frame=Frame(name, opens, closes) if name else None,
        settled=bool(sent.get("settled")),
    )
