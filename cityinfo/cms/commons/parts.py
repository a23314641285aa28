"""What the screens of the commons share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import current_app

from cityinfo.cms.words import language_name
from cityinfo.features import commons, content, tenants
from cityinfo.features.tenants import Language
from cityinfo.kernel import i18n
from cityinfo.kernel.db import Database, Work
from cityinfo.kernel.facts import Actor

DOOR = ("page:write", "page:create", "page:translate")
SHOWN = 50  # on one sheet


def database() -> Database:
    """Where other cities are read, each in a unit of work of its own and none inside one of ours."""
    found: Database = current_app.extensions["database"]
    return found


def named(titles: Mapping[str, str], order: Sequence[str]) -> tuple[str, str]:
    """What a page of another city is called, and in which language: that of whoever is at the screen if it has it."""
    return content.name(titles, i18n.language(), *order)


def around(db: Work, actor: Actor) -> dict[str, Any]:
    """What every screen of the commons says things with. `may_publish`: whole pages, not translations alone."""
    order, languages = list(tenants.tree(db)), tenants.languages(db)
    return {
        "languages": languages,
        "by_name": partial(by_name, languages),
        "licences": commons.LICENCES,
        "may_publish": actor.reach("publish", commons.KIND, language="") != frozenset(),
        "named": lambda titles: named(titles, order),
    }


def by_name(languages: Mapping[str, Language], spoken: Iterable[str]) -> list[str]:
    """These languages in the order of what they are called."""
    names = {one: language_name(languages[one]) if one in languages else one for one in spoken}
    return sorted(names, key=lambda one: names[one].casefold())
