"""Every key that does something, on one sheet."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, render, screen
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

Keys = Sequence[tuple[str, str]]  # what to press, its parts apart, and what that does


@blueprint.get("/<tenant>/keys")
@guarded("settings:read")
def show_keys(tenant: str) -> AnyResponse:
    """Place by place, in the order in which people come there."""
    places = {
        _("Everywhere"): _everywhere(),
        _("Page tree"): _tree(),
        _("Writing a text"): _writing(),
        _("Translating"): _translating(),
        _("Merging two versions"): _merging(),
        _("Updates from the template"): _updates(),
    }
    with screen():
        return render("keys/show.html", places=places)


def _everywhere() -> Keys:
    ctrl, enter = _("Ctrl"), _("Enter")
    return (
        (f"{ctrl} K", _("Search in titles and texts")),
        (f"{ctrl} {enter}", _("Press the main button of the screen")),
        (_("Esc"), _("Close what is open on top")),
    )


def _tree() -> Keys:
    ctrl, home, end = _("Ctrl"), _("Home"), _("End")
    return (
        ("↑ / ↓", _("To the row above or below")),
        ("→ / ←", _("Open or close a branch, and along its row")),
        (f"{home} / {end}", _("To the first or last row")),
        (_("Space"), _("Select")),
        (_("Enter"), _("Open the text")),
        ("N", _("New page below this one")),
        ("Alt ↑ / ↓", _("Move up or down")),
        ("Alt → / ←", _("Move one level in or out")),
        (f"{ctrl} Z", _("Take back the last move")),
    )


def _writing() -> Keys:
    ctrl = _("Ctrl")
    return (
        (f"{ctrl} S", _("Save")),
        ("Alt F10", _("To the tools; the arrows go from one to the next, Esc leads back")),
        (f"{ctrl} B / I", _("Bold, italic")),
        (f"{ctrl} K", _("Set a link")),
        (f"{ctrl} Alt 2 / 3", _("Heading of the second or third level")),
        (f"{ctrl} Alt M", _("Comment on what is selected")),
        ("F6", _("From the text to its panel and its status line")),
    )


def _translating() -> Keys:
    ctrl, enter = _("Ctrl"), _("Enter")
    return (
        ("Alt ↓ / ↑", _("To the next or previous open passage")),
        (f"{ctrl} {enter}", _("Done with this passage, and on to the next")),
        ("Alt N", _("To the next text")),
    )


def _merging() -> Keys:
    return (("↑ / ↓", _("Choose a version")), (_("Tab"), _("To the next place")))


def _updates() -> Keys:
    return (
        ("J / K", _("To the next update, or the one before")),
        ("A", _("Accept it")),
    )
