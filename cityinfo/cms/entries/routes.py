"""Where the screens of a kind are, and who may come."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint
from cityinfo.web.guard import guarded

from .screens import Screens

Route = tuple[str, str, str, str, Callable[..., AnyResponse]]  # rule, method, endpoint, permission, view
_ROUTES: tuple[Route, ...] = (
    ("", "GET", "list_{plural}", "read", Screens.show_list),
    ("/new", "GET", "new_{kind}", "create", Screens.new),
    ("/new", "POST", "create_{kind}", "create", Screens.create),
    ("/<int:entry_id>", "GET", "edit_{kind}", "read", Screens.edit),
    ("/<int:entry_id>", "POST", "save_{kind}", "edit", Screens.save),
    ("/<int:entry_id>/archive", "POST", "archive_{kind}", "archive", Screens.archive),
)
_COPY: Route = ("/<int:entry_id>/copy", "POST", "copy_{kind}", "create", Screens.make_copy)


def add(screens: Screens) -> None:
    """Let the CMS have them, under the plural of the kind."""
    for rule, method, name, permission, view in (*_ROUTES, *([_COPY] if screens.can_copy else [])):
        endpoint = name.format(plural=screens.plural, kind=screens.kind)
        enter = guarded(f"{screens.kind}:{permission}")(getattr(screens, view.__name__))  # a kind may have its own
        blueprint.add_url_rule(f"/<tenant>/{screens.plural}{rule}", endpoint, enter, methods=[method])
