"""What the form of the gates sends."""

from __future__ import annotations

from flask import request

from cityinfo.features.quality import MOST_YEAR, Flaw, Gates
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _


def chosen() -> Gates:
    """The gates that were ticked, and the school year."""
    try:
        flaws = frozenset(map(Flaw, request.form.getlist("flaw")))
    except ValueError:
        raise Invalid("gate.unknown", _("This request cannot be used; go back and try again.")) from None
    return Gates(flaws, request.form.get("most_year", MOST_YEAR, type=int))


def mark_of(gates: Gates) -> str:
    """By which the form tells what it was opened with."""
    return " ".join([*sorted(gates.flaws), str(gates.most_year)])
