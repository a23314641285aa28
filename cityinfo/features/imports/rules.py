"""Several dumps become one plan: which texts are one page, how pages stand in the tree, where links lead. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from cityinfo.features import pages
from cityinfo.kernel import html
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import in_tree_order

from .dumps import Dump, SourcePage, normal
from .ports import Watch, unwatched
from .types import Findings, Nowhere, Plan, Planned, Target, Words

Group = Mapping[str, SourcePage]  # the texts of one page, by language

_APP_HOST = "integreat.app"
_CMS_HOSTS = ".integreat-app.de"
_NOT_PAGES = {"media", "wp-admin", "wp-content", "wp-json"}  # what an Integreat host serves beside pages
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_STYLE = re.compile(r'\sstyle="([^"]*)"', re.IGNORECASE)
_LENGTH = re.compile(r"\s*(width|height)\s*:\s*(\d{1,4})px\s*", re.IGNORECASE)
_SIZED = re.compile(r"\s(?:width|height)\s*=", re.IGNORECASE)


def plan(dumps: Sequence[Dump], *, watch: Watch = unwatched) -> Plan:
    """What shall stand here so that the tenant says what these dumps say; the first is in the main language."""
    _check_together(dumps)
    groups = _groups(dumps)
    links = _Links(dumps, groups)
    findings = Findings()
    parents = _parents(groups)
    entry_ids = _entry_ids(groups, parents)
    planned = [
        Planned(
            key=key,
            parent=parents[key],
            texts={language: _words(page, links, findings) for language, page in groups[key].items()},
            thumbnail=_first(groups[key]).thumbnail,
            v3_id=entry_ids.get(key),
        )
        for key in watch("Checking pages", _ordered(dumps, groups, parents))
    ]
    languages = [dump.language for dump in dumps]
    return Plan(languages=languages, pages=planned, findings=findings, app_url=links.usual_origin())


def _check_together(dumps: Sequence[Dump]) -> None:
    languages = Counter(dump.language for dump in dumps)
    for dump in dumps:
        if languages[dump.language] > 1:
            raise Invalid(
                "import.language_twice",
                say("{name}: the language “{language}” was given twice.", name=dump.name, language=dump.language),
            )
        if dump.pages[0].region != dumps[0].pages[0].region:
            regions = f"“{dump.pages[0].region}”, {dumps[0].name} “{dumps[0].pages[0].region}”"
            raise Invalid(
                "import.region",
                say("{name}: the paths belong to the region {regions}.", name=dump.name, regions=regions),
            )
    ids: dict[int, SourcePage] = {}
    for page in _all(dumps):
        if page.id in ids:
            raise Invalid(
                "import.id_twice",
                say(
                    "{where}: the id {id} is also that of {where2}.",
                    where=page.where,
                    id=page.id,
                    where2=ids[page.id].where,
                ),
            )
        ids[page.id] = page


def _all(dumps: Sequence[Dump]) -> list[SourcePage]:
    return [page for dump in dumps for page in dump.pages]


def _groups(dumps: Sequence[Dump]) -> list[Group]:
    """Texts that are one page, by what they say of each other; each group begins with the first language it has."""
    by_id = {page.id: page for page in _all(dumps)}
    place = {page_id: number for number, page_id in enumerate(by_id)}
    neighbours: dict[int, set[int]] = {page_id: set() for page_id in by_id}
    for page in by_id.values():
        for language, other_id in page.counterparts.items():
            other = by_id.get(other_id)
            if other is not None:
                _check_mutual(page, language, other)
                neighbours[page.id].add(other_id)
                neighbours[other_id].add(page.id)
    seen: set[int] = set()
    groups: list[Group] = []
    for page_id in by_id:
        if page_id not in seen:
            linked = _reachable(page_id, neighbours)
            seen |= linked
            groups.append(_one_each([by_id[one] for one in sorted(linked, key=place.__getitem__)]))
    return groups


def _check_mutual(page: SourcePage, language: str, other: SourcePage) -> None:
    back = other.counterparts.get(page.language, page.id)
    if other.language != language or back != page.id:
        says = (
            say("that one names {back}", back=back)
            if other.language == language
            else say("that one is in “{language}”", language=other.language)
        )
        named = say("it names {id} as its text in “{language}”", id=other.id, language=language)
        raise Invalid(
            "import.counterpart", say("{where}: {named}, but {says}.", where=page.where, named=named, says=says)
        )


def _reachable(start: int, neighbours: Mapping[int, set[int]]) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        new = neighbours[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


def _one_each(linked: Sequence[SourcePage]) -> Group:
    group: dict[str, SourcePage] = {}
    for page in linked:
        if page.language in group:
            other = group[page.language]
            raise Invalid(
                "import.counterpart",
                say("{where}: by its languages it is the same page as {path}.", where=page.where, path=other.path),
            )
        group[page.language] = page
    return group


def _first(group: Group) -> SourcePage:
    return next(iter(group.values()))


def _parents(groups: Sequence[Group]) -> list[int | None]:
    """The parent of each group; all its languages must agree on it."""
    key_of = {
        (language, normal(page.path)): key for key, group in enumerate(groups) for language, page in group.items()
    }
    parents: list[int | None] = []
    for group in groups:
        above = [key_of[language, page.parent_path] if page.parent_path else None for language, page in group.items()]
        for parent, page in zip(above, group.values(), strict=True):
            if parent != above[0]:
                says = say(
                    "its parent is another page than that of {path}, which is this page in another language.",
                    path=_first(group).path,
                )
                raise Invalid("import.parents_differ", say("{where}: {says}", where=page.where, says=says))
        parents.append(above[0])
    return parents


def _entry_ids(groups: Sequence[Group], parents: Sequence[int | None]) -> dict[int, int]:
    """Foreign ids of entries, as far as children name them."""
    found: dict[int, int] = {}
    owners: dict[int, int] = {}
    for group, parent in zip(groups, parents, strict=True):
        for page in group.values():
            if parent is None or page.parent_id is None:
                continue
            if found.setdefault(parent, page.parent_id) != page.parent_id:
                says = say(
                    "it names {parent} as its parent, another page names {other} for the same.",
                    parent=page.parent_id,
                    other=found[parent],
                )
                raise Invalid("import.parent_id", say("{where}: {says}", where=page.where, says=says))
            if owners.setdefault(page.parent_id, parent) != parent:
                says = say("the id {parent} of its parent belongs to two pages.", parent=page.parent_id)
                raise Invalid("import.parent_id", say("{where}: {says}", where=page.where, says=says))
    return found


def _ordered(dumps: Sequence[Dump], groups: Sequence[Group], parents: Sequence[int | None]) -> list[int]:
    """Groups, parents before children; siblings by the order of the first language they have, then as in the file."""
    languages = [dump.language for dump in dumps]
    first = [_first(group) for group in groups]
    rank = {key: (page.order, languages.index(page.language), key) for key, page in enumerate(first)}
    return in_tree_order(sorted(rank, key=rank.__getitem__), parents)


def _words(page: SourcePage, links: _Links, findings: Findings) -> Words:
    before = with_icon_sizes(page.content)
    clean = html.sanitise(before)
    for what, count in html.removed(before, clean).items():
        findings.removed.setdefault(what, {})[page.path] = count
    return Words(
        where=page.where,
        path=page.path,
        slug=page.slug,
        title=page.title,
        content=clean,
        targets=links.follow(page, clean, findings),
        v3_id=page.id,
        counterparts=page.counterparts,
        changed_at=page.changed_at,
    )


def with_icon_sizes(content: str) -> str:
    """The text in which small icons keep their size: as attributes, since styles are not kept."""
    return _IMAGE.sub(lambda image: _with_size(image[0]), content)


def _with_size(image: str) -> str:
    style = _STYLE.search(image)
    if style is None or _SIZED.search(image):
        return image
    parts = [part for part in style[1].split(";") if part.strip()]
    lengths = [_LENGTH.fullmatch(part) for part in parts]
    sizes = " ".join(f'{length[1].lower()}="{length[2]}"' for length in lengths if length)
    if not sizes:
        return image
    others = "" if all(lengths) else style[0]
    return f"{image[: style.start()]}{others} {sizes}{image[style.end() :]}"


class _Links:
    """Where addresses in the texts lead."""

    def __init__(self, dumps: Sequence[Dump], groups: Sequence[Group]) -> None:
        self._region = dumps[0].pages[0].region
        self._hosts = {_APP_HOST, *(dump.host for dump in dumps if dump.host)}
        self._pages = {
            normal(page.path): Target(key, language)
            for key, group in enumerate(groups)
            for language, page in group.items()
        }
        self._named = {path for group in groups for page in group.values() for path in page.other_paths}
        self._by_slug = {page.segments[-1]: page.path for group in groups for page in group.values()}
        self._origins: Counter[str] = Counter()

    def follow(self, page: SourcePage, clean: str, findings: Findings) -> dict[str, Target]:
        """Pages that the links of a text lead to, by address; notes those that lead nowhere."""
        targets: dict[str, Target] = {}
        for address in html.links(clean):
            path = self._own_path(address)
            if path is None:
                continue
            target = self._target(address, path, page.language)
            if target is not None:
                targets[address] = target
                findings.references += 1
            elif self._leads_nowhere(path):
                instead = self._by_slug.get(path.rpartition("/")[2], "")
                findings.nowhere.append(Nowhere(file=page.file, page=page.path, address=address, instead=instead))
        return targets

    def usual_origin(self) -> str:
        """Scheme and host of most links to own pages; empty without any."""
        return self._origins.most_common(1)[0][0] if self._origins else ""

    def _own_path(self, address: str) -> str | None:
        """The path of an address in this region, in the form in which paths are compared."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or not (host in self._hosts or host.endswith(_CMS_HOSTS)):
            return None
        path = normal(parts.path)
        return path if path.startswith(f"/{self._region}/") else None

    def _target(self, address: str, path: str, language: str) -> Target | None:
        parts = urlsplit(address)
        target = self._pages.get(path)
        if target is None or parts.query or parts.fragment:
            return None
        self._origins[f"{parts.scheme}://{parts.netloc}"] += 1
        return Target(target.page) if target.language == language else target

    def _leads_nowhere(self, path: str) -> bool:
        """A page in a language that was not imported is somewhere; so are start pages, files and other lists."""
        segments = path.split("/")[2:]  # below the region
        if len(segments) < 2 or segments[0] in _NOT_PAGES or segments[1] in pages.RESERVED_SLUGS:
            return False
        return path not in self._pages and path not in self._named
