"""Addresses of the apps before version 3: the same answers in another place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from flask import Response

from cityinfo.web.guard import public

from . import regions

Rule = tuple[str, Callable[..., Response]]
WITHIN = "/<tenant>/<language>/"  # what stands behind it stands behind the address below as well
PLACE = "wp-json/extensions/v3/"


@public
def languages(tenant: str, language: str) -> Response:  # noqa: ARG001 - older apps write “de” there whatever they speak
    """The languages of one city."""
    return regions.languages(tenant)


SITE: tuple[Rule, ...] = ((f"/{PLACE}sites/", regions.regions), (f"{WITHIN}{PLACE}languages/", languages))


def aliases(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Where these were before."""
    for rule, view in rules:
        if rule.startswith(WITHIN):
            yield rule.replace(WITHIN, WITHIN + PLACE, 1), view
