"""A category of places in a form: the same for a city's own and for those of all cities."""

from __future__ import annotations

from cityinfo.cms.layout import Form
from cityinfo.features import locations
from cityinfo.features.locations import Category
from cityinfo.kernel.digests import digest


def empty_form() -> Form:
    """For a new one."""
    return Form({"icon": locations.ICONS[0], "color": locations.COLORS[0]})


def form_of(row: Category) -> Form:
    """As it is now."""
    values = {f"name-{language}": name for language, name in row.names.items()}
    retired = {"retired": "1"} if row.retired else {}
    return Form({**values, **retired, "icon": row.icon, "color": row.color})


def mark(row: Category) -> str:
    """By which a form tells what it was opened with."""
    return digest(sorted(row.names.items()), row.icon, row.color, row.retired)


def look(form: Form) -> tuple[str, str]:
    """The icon and the colour that were chosen."""
    return form.values.get("icon", ""), form.values.get("color", "")
