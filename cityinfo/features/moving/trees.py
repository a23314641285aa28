"""Pages as the old system tells them, as a tree. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cityinfo.features import pages
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import in_tree_order

from .answers import normal
from .grouping import Group, Rows, all_said, first, grouped, key_of
from .organizations import key_of as organization_key
from .types import Found, Report


def pages_of(rows: Rows, report: Report) -> list[Found]:
    """Parents before children, siblings in their order."""
    groups = grouped(rows)
    parents = _without_circles(groups, _parents(groups, report), report)
    numbers = _entry_numbers(groups, parents)
    keys = [key_of(group, numbers.get(number)) for number, group in enumerate(groups)]
    return [
        _found(groups[number], keys, parents[number], numbers.get(number), key=keys[number])
        for number in _ordered(groups, parents)
    ]


def _found(group: Group, keys: Sequence[str], parent: int | None, id_v3: int | None, *, key: str) -> Found:
    page = first(group)
    facts = {
        "picture": page.text("thumbnail"),
        "organization": organization_key(page.object("organization")),
        "offers": [one.text("alias") for one in page.objects("embedded_offers") if one.text("alias")],
    }
    return Found(
        kind=pages.KIND,
        key=key,
        texts=all_said(group),
        facts={name: value for name, value in facts.items() if value},
        under="" if parent is None else keys[parent],
        id_v3=id_v3,
    )


def _parents(groups: Sequence[Group], report: Report) -> list[int | None]:
    """The parent of each group: what the first language says that names one which is there."""
    at = {(language, one.path): number for number, group in enumerate(groups) for language, one in group.items()}
    parents = []
    for group in groups:
        named = [(language, one.object("parent").text("path")) for language, one in group.items()]
        wanted = [(language, normal(path)) for language, path in named if path]
        found = [at[place] for place in wanted if place in at]
        parents.append(found[0] if found else None)
        if wanted and not found:
            report.note(
                first(group).path, say("Its parent {path} is not there; it comes first-level.", path=wanted[0][1])
            )
        elif len(set(found)) > 1:
            report.note(first(group).path, say("Its languages name different parents; the first one counts."))
    return parents


def _without_circles(groups: Sequence[Group], parents: list[int | None], report: Report) -> list[int | None]:
    for number in range(len(groups)):
        seen, step = {number}, parents[number]
        while step is not None and step not in seen:
            seen.add(step)
            step = parents[step]
        if step is not None:
            parents[number] = None
            report.note(first(groups[number]).path, say("Its parents go round in a circle; it comes first-level."))
    return parents


def _entry_numbers(groups: Sequence[Group], parents: Sequence[int | None]) -> dict[int, int]:
    """Numbers of pages, which differ from those of their texts, as far as children name them; each names one page."""
    found: dict[int, int] = {}
    for group, parent in zip(groups, parents, strict=True):
        named = (one.object("parent").identity() for one in group.values())
        number = next((one for one in named if one), None)
        if parent is not None and number and number not in found.values():
            found.setdefault(parent, number)
    return found


def _ordered(groups: Sequence[Group], parents: Sequence[int | None]) -> list[int]:
    order: Mapping[int, tuple[float, int]] = {
        number: (first(group).number("order") or 0, number) for number, group in enumerate(groups)
    }
    return in_tree_order(sorted(order, key=order.__getitem__), parents)
