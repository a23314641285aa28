"""Who may come: every view says it, or the application does not start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Everyone may read this, without login."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def check_views(app: Flask) -> None:
    """Refuse to start with a view that does not say who may come."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not hasattr(view, "access"):
            raise TypeError(f"The view {rule.endpoint} ({rule.rule}) says neither @public nor @guarded.")
