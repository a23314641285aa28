"""Which texts are one entry: those that name each other as the same in another language. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cityinfo.features import imports

from .answers import Object, normal
from .types import Said

Group = dict[str, Object]  # the texts of one entry, by language
Rows = Mapping[str, Sequence[Object]]  # a list, by language


def grouped(rows: Rows) -> list[Group]:
    """Groups in the order in which the lists have them; each begins with the first language it has.

    Of two texts in one language that claim to be the same entry, the second one stands alone.
    """
    at = {(language, one.path): one for language, some in rows.items() for one in some if one.path}
    links: dict[tuple[str, str], set[tuple[str, str]]] = {place: set() for place in at}
    for place, one in at.items():
        for language, other in one.others.items():
            target = (language, normal(other.text("path")))
            if target in at and language != place[0]:
                links[place].add(target)
                links[target].add(place)
    seen: set[tuple[str, str]] = set()
    groups: list[Group] = []
    for place in at:
        if place not in seen:
            groups += _apart(_reachable(place, links, seen), at)
    return groups


def _reachable(
    start: tuple[str, str], links: Mapping[tuple[str, str], set[tuple[str, str]]], seen: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    found, waiting = [start], [start]
    seen.add(start)
    while waiting:
        new = [one for one in sorted(links[waiting.pop()]) if one not in seen]
        seen.update(new)
        found += new
        waiting += new
    return found


def _apart(places: Sequence[tuple[str, str]], at: Mapping[tuple[str, str], Object]) -> list[Group]:
    order = {place: number for number, place in enumerate(at)}
    group: Group = {}
    alone: list[Group] = []
    for place in sorted(places, key=order.__getitem__):
        if place[0] in group:
            alone.append({place[0]: at[place]})
        else:
            group[place[0]] = at[place]
    return [group, *alone]


def first(group: Group) -> Object:
    """The text in the first language it has."""
    return next(iter(group.values()))


def identity(one: Object) -> str:
    """What names a text there for as long as it is there."""
    number = one.identity()
    return str(number) if number else one.path


def key_of(group: Group, entry_id: int | None) -> str:
    """What names an entry: its own number, where that is known."""
    if entry_id:
        return str(entry_id)
    language, one = next(iter(group.items()))
    return f"{language}:{identity(one)}"


def said(one: Object) -> Said:
    """A text as it stands there; without a title it is called like its address."""
    slug = one.path.rpartition("/")[2]
    return Said(
        source=identity(one),
        title=one.title() or slug,
        content=imports.with_icon_sizes(one.text("content")),
        changed=one.moment("last_updated"),
        slug=slug,
        path=one.path,
        alt=one.object("featured_image").title("description"),
        id_v3=one.identity(),
    )


def all_said(group: Group) -> dict[str, Said]:
    return {language: said(one) for language, one in group.items()}


def without_place(rows: Rows) -> Iterable[tuple[str, Object]]:
    """Texts that say no address, with their language: nobody could find them."""
    return ((language, one) for language, some in rows.items() for one in some if not one.path)
