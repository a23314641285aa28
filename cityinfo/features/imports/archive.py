"""A tenant as a folder of files, as tenants/README.md describes it: read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cityinfo.features import content, pages
from cityinfo.features.tenants import LanguageChoice, TenantDraft
from cityinfo.kernel import html
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

from .dumps import naming
from .types import Findings, Plan, Planned, Target, Words

_TENANT_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "name": str,
    "prefix": str,
    "official_key": str,
    "status": str,
    "time_zone": str,
    "latitude": (int, float),
    "longitude": (int, float),
    "bounding_box": list,
    "postal_codes": list,
    "aliases": dict,
    "features": dict,
    "app_url": str,
}
_LANGUAGE_KEYS: Mapping[str, type | tuple[type, ...]] = {"slug": str, "source": str, "visible": bool, "active": bool}
_PAGE_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "position": int,
    "icon": str,
    "picture": str,
    "organization": str,
    "offers": list,
}
_TEXT_KEYS: Mapping[str, type | tuple[type, ...]] = {"title": str, "slug": str, "contact": str}
_FENCE = "+++\n"
_MOST_FILE = 10_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A tenant's public facts, its language tree and its pages."""

    tenant: TenantDraft
    languages: Sequence[LanguageChoice]
    plan: Plan


def read_folder(folder: Path) -> Archive:
    """Read all of it; `Invalid` names the file that cannot be used. The folder's name is the tenant's slug."""
    facts = read_toml(folder / "tenant.toml")
    choices = facts.pop("languages", None)
    if not isinstance(choices, list):
        raise Invalid(
            "archive.languages", say("{folder}: list at least one of [[languages]].", folder=folder / "tenant.toml")
        )
    _check_keys(facts, _TENANT_KEYS, needed={"name"}, where=folder / "tenant.toml")
    for choice in choices:
        _check_keys(choice, _LANGUAGE_KEYS, needed={"slug"}, where=folder / "tenant.toml")
    languages = [LanguageChoice(**choice) for choice in choices]
    tenant = TenantDraft(slug=folder.name, **facts)
    return Archive(tenant=tenant, languages=languages, plan=_Pages(folder, [one.slug for one in languages]).plan())


class _Pages:
    """The page tree below a folder's `pages`."""

    def __init__(self, folder: Path, languages: Sequence[str]) -> None:
        self._top = folder / "pages"
        self._languages = languages
        self._findings = Findings()
        self._keys: dict[str, int] = {}
        self._slugs: dict[tuple[str, str], str] = {}

    def plan(self) -> Plan:
        found = list(self._below(self._top, None)) if self._top.is_dir() else []
        texts_of = {planned.key: planned.texts for planned in found}
        linked = [replace(planned, texts=self._linked(planned.texts, texts_of)) for planned in found]
        return Plan(languages=self._languages, pages=linked, findings=self._findings)

    def _below(self, folder: Path, parent: Planned | None) -> Iterator[Planned]:
        positions: dict[int, Path] = {}
        facts = {child: self._facts(child) for child in sorted(folder.iterdir()) if child.is_dir()}
        for child in sorted(facts, key=lambda one: int(facts[one]["position"])):
            position = facts[child]["position"]
            if position in positions:
                raise Invalid(
                    "archive.position",
                    say(
                        "{child}: {positions} has the position {position} as well.",
                        child=child,
                        positions=positions[position],
                        position=position,
                    ),
                )
            positions[position] = child
            planned = self._page(child, parent, facts[child].get("icon"))
            yield planned
            yield from self._below(child, planned)

    def _facts(self, folder: Path) -> dict[str, Any]:
        facts = read_toml(folder / "page.toml")
        _check_keys(facts, _PAGE_KEYS, needed={"position"}, where=folder / "page.toml")
        return facts

    def _page(self, folder: Path, parent: Planned | None, icon: str | None) -> Planned:
        files = {file.stem: file for file in sorted(folder.glob("*.html"))}
        _check_languages(folder, files, self._languages, parent)
        name = folder.relative_to(self._top).as_posix()
        key = self._keys[name] = len(self._keys)
        texts = {
            language: self._words(files[language], name, language, is_first_level=parent is None)
            for language in self._languages
            if language in files
        }
        return Planned(key=key, parent=parent.key if parent else None, texts=texts, thumbnail=icon)

    def _words(self, file: Path, name: str, language: str, *, is_first_level: bool) -> Words:
        facts, body = front_matter(file)
        with naming(str(file)):
            slug, title = content.check_slug(facts["slug"]), content.check_title(facts["title"])
            if is_first_level and slug in pages.RESERVED_SLUGS:
                raise Invalid(
                    "archive.reserved", say("“{slug}” is reserved on the first level; choose another slug.", slug=slug)
                )
            if self._slugs.setdefault((language, slug), str(file)) != str(file):
                raise Invalid(
                    "archive.slug_twice",
                    say("the slug “{slug}” is also that of {other}.", slug=slug, other=self._slugs[language, slug]),
                )
        clean = html.sanitise(body)
        for what, count in html.removed(body, clean).items():
            self._findings.removed.setdefault(what, {})[str(file)] = count
        return Words(
            where=str(file),
            path=f"{name}/{language}",
            slug=slug,
            title=title,
            content=clean,
            targets={},
            contact=facts.get("contact", ""),
        )

    def _linked(self, texts: Mapping[str, Words], texts_of: Mapping[int, Mapping[str, Words]]) -> dict[str, Words]:
        return {
            language: replace(words, targets=self._targets(words, language, texts_of))
            for language, words in texts.items()
        }

    def _targets(self, words: Words, language: str, texts_of: Mapping[int, Mapping[str, Words]]) -> dict[str, Target]:
        targets: dict[str, Target] = {}
        for address in html.links(words.content):
            if not address.startswith("entry:"):
                continue
            key = self._keys.get(address.removeprefix("entry:"))
            if key is None or language not in texts_of[key]:
                raise Invalid(
                    "archive.link",
                    say(
                        "{where}: “{address}” leads to no page in “{language}”.",
                        where=words.where,
                        address=address,
                        language=language,
                    ),
                )
            targets[address] = Target(key)
            self._findings.references += 1
        return targets


def _check_languages(folder: Path, files: Mapping[str, Path], languages: Sequence[str], parent: Planned | None) -> None:
    if not files:
        raise Invalid(
            "archive.no_text", say("{folder}: there is no text in any language, such as de.html.", folder=folder)
        )
    for language, file in files.items():
        if language not in languages:
            raise Invalid(
                "archive.language",
                say("{file}: “{language}” is not among the languages of tenant.toml.", file=file, language=language),
            )
        if parent is not None and language not in parent.texts:
            raise Invalid(
                "archive.hidden",
                say(
                    "{file}: the page above has no text in “{language}”, so nobody could see it.",
                    file=file,
                    language=language,
                ),
            )


def read_toml(file: Path) -> dict[str, Any]:
    """The file as TOML; `Invalid` names it when it cannot be read."""
    return _parsed(file, _read(file))


def _parsed(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("archive.toml", say("{file}: {error}.", file=file, error=error)) from None


def front_matter(file: Path) -> tuple[dict[str, Any], str]:
    """What stands between the fences of a text, checked, and the text; `Invalid` names the file."""
    start, fence, rest = _read(file).partition(_FENCE)
    head, end, body = rest.partition(f"\n{_FENCE}")
    if start or not fence or not end:
        raise Invalid(
            "archive.front_matter",
            say("{file}: title and slug must stand between two +++ lines at the beginning.", file=file),
        )
    facts = _parsed(file, head)
    _check_keys(facts, _TEXT_KEYS, needed={"title", "slug"}, where=file)
    return facts, body


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > _MOST_FILE:
            raise Invalid(
                "archive.too_large", say("{file}: the file is larger than {most} bytes.", file=file, most=_MOST_FILE)
            )
        return file.read_text("utf-8")
    except OSError as error:
        raise Invalid("archive.file", say("{file}: {strerror}.", file=file, strerror=error.strerror)) from None
    except UnicodeDecodeError:
        raise Invalid("archive.encoding", say("{file}: the file is not UTF-8.", file=file)) from None


def _check_keys(facts: Any, kinds: Mapping[str, type | tuple[type, ...]], *, needed: set[str], where: Path) -> None:
    if not isinstance(facts, dict):
        raise Invalid("archive.type", say("{where}: a table is needed.", where=where))
    for key in sorted(needed - facts.keys()):
        raise Invalid("archive.missing", say("{where}: “{key}” is missing.", where=where, key=key))
    for key, value in facts.items():
        if key not in kinds:
            raise Invalid("archive.key", say("{where}: “{key}” is not known here.", where=where, key=key))
        if not isinstance(value, kinds[key]) or (isinstance(value, bool) and kinds[key] is not bool):
            raise Invalid("archive.type", say("{where}: “{key}” has the wrong type.", where=where, key=key))
