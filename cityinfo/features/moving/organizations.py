"""Organizations, which the old system tells only where a page or a place names them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from cityinfo.features import organizations

from .answers import Object
from .grouping import Rows
from .types import Found, Said


def key_of(organization: Object) -> str:
    """What names it, empty where none is named."""
    number = organization.identity()
    return str(number) if number else organization.text("slug") or organization.title("name")


def organizations_of(lists: Iterable[Rows]) -> list[Found]:
    """Every organization that is named, with its name in each language in which it is."""
    named: dict[str, dict[str, Object]] = {}
    for rows in lists:
        for language, some in rows.items():
            for one in some:
                organization = one.object("organization")
                if organization.title("name"):
                    named.setdefault(key_of(organization), {}).setdefault(language, organization)
    return [_found(key, by_language) for key, by_language in sorted(named.items())]


def _found(key: str, by_language: dict[str, Object]) -> Found:
    one = next(iter(by_language.values()))
    facts = {"website": one.text("website"), "logo": one.text("logo")}
    return Found(
        kind=organizations.KIND,
        key=key,
        texts={
            language: Said(source=key, title=said.title("name"), slug=said.text("slug"), changed=None)
            for language, said in by_language.items()
        },
        facts={name: value for name, value in facts.items() if value},
    )
