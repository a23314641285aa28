"""Who may come: every view says it, or the application does not start."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask

from cityinfo.features.accounts import check_permission

from .request import check_door

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"


def public(view: View) -> View:
    """Everyone may read this, without login."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def guarded(*permissions: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only those may come who have one of these permissions in the city that the address names.

    Without a city in the address it is for the platform's staff. This is the door; which entry, language and part of
    the tree is asked when the change is told. Use it outermost, so that nobody else's words are even read.
    """
    for permission in permissions:
        check_permission(permission)
    if not permissions:
        raise TypeError("Say which permission is needed, or use @signed_in.")
    return _behind_a_door(permissions)


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Everyone who has logged in may come, whatever their roles: it is about themselves."""
    return _behind_a_door(())(view)


def check_views(app: Flask) -> None:
    """Refuse to start with a view that does not say who may come."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not hasattr(view, "access"):
            raise TypeError(f"The view {rule.endpoint} ({rule.rule}) says neither @public nor @guarded.")


def _behind_a_door(permissions: tuple[str, ...]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def enter(*args: Any, **options: Any) -> Any:
            check_door(permissions)
            return view(*args, **options)

        enter.access = permissions  # type: ignore[attr-defined]
        return enter

    return declare
