"""What a proposal would change: words against the text as it is, facts against what is said now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from cityinfo.cms.layout import city_zone
from cityinfo.cms.words import language_name
from cityinfo.cms.writing.history import Passage, compared
from cityinfo.features import contacts, content, locations, offers, organizations, tenants
from cityinfo.features.content import Entry, Wording
from cityinfo.features.proposals import Proposal
from cityinfo.kernel import i18n
from cityinfo.kernel.db import Work

from .fields import Field, entries_in, fields_of, in_words, read, typed_as

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_NESTED = "address"  # a fact that is made of several, which people know one by one


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact as it is said now and as it would be said."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A proposal beside what it is about, with the revisions that this comparison was made of."""

    proposal: Proposal
    entry: Entry
    title: str
    text_revision: int
    title_change: Markup
    passages: Sequence[Passage]
    differences: Sequence[Difference]
    fields: Sequence[Field]
    values: Mapping[str, str]

    @property
    def is_overtaken(self) -> bool:
        """Whether what it started from is no longer what stands there."""
        words = bool(self.proposal.language) and self.text_revision != self.proposal.text_revision
        return words or (bool(self.proposal.facts) and self.entry.revision != self.proposal.entry_revision)


def compare(db: Work, proposal: Proposal) -> Compared:
    """The proposal beside what stands there now."""
    entry = content.find_entry(db, proposal.entry_id)
    now, wanted = facts_now(db, entry), flat(proposal.facts)
    asked = _named(db, [one for one in fields_of(entry.kind) if one.name in wanted])
    zone, text = city_zone(), words_now(db, entry.id, proposal.language)
    title_change, passages = compared(text[0], Wording(proposal.title, proposal.content))
    return Compared(
        proposal=proposal,
        entry=entry,
        title=title_of(db, entry.id),
        text_revision=text[1],
        title_change=title_change,
        passages=passages,
        differences=_differences(db, asked, now, wanted, zone),
        fields=[one for one in asked if one.can_be_typed],
        values={one.key: typed_as(one, wanted[one.name], zone) for one in asked if one.can_be_typed},
    )


def words_now(db: Work, entry_id: int, language: str) -> tuple[Wording | None, int]:
    """The newest words in a language, and the revision of their text; 0 before the first ones."""
    text = content.text_of(db, entry_id, language) if language else None
    version = content.version(db, text.current_version_id) if text else None
    return Wording(version.title, version.content) if version else None, text.revision if text else 0


def facts_now(db: Work, entry: Entry) -> dict[str, Any]:
    """What is said of an entry beside words, each fact by its name; nothing of kinds whose words alone are proposed."""
    found = _facts(db, entry)
    return flat(asdict(found)) if found is not None else {}


def flat(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the parts of an address among the other facts."""
    parts = {f"{_NESTED}.{name}": value for name, value in (facts.get(_NESTED) or {}).items()}
    return {**{name: value for name, value in facts.items() if name != _NESTED}, **parts}


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The other way round, as a proposal keeps them."""
    part: dict[str, Any] = {}
    for name, value in facts.items():
        group, dot, own = name.partition(".")
        place = part.setdefault(group, {}) if dot else part
        place[own or group] = value
    return part


def typed_facts(
    fields: Collection[Field], now: Mapping[str, Any], typed: Mapping[str, str], zone: ZoneInfo
) -> dict[str, Any]:
    """The facts that were typed otherwise than they are said now."""
    texts = {one.name: typed.get(one.key, "").strip() for one in fields}
    return {
        one.name: read(one, texts[one.name], zone)
        for one in fields
        if texts[one.name] != typed_as(one, now.get(one.name), zone)
    }


def title_of(db: Work, entry_id: int) -> str:
    """What an entry is called."""
    return content.name(content.titles(db, entry_id), tenants.root_language(db))[0]


def _named(db: Work, fields: Sequence[Field]) -> list[Field]:
    """The fields with the names of what the city or the service calls by keys: categories and languages."""
    named: dict[str, Mapping[str, str]] = {}
    if any(one.name == "categories" for one in fields):
        speaking = i18n.language()
        named["categories"] = {slug: one.name(speaking) for slug, one in locations.all_categories(db).items()}
    if any(one.name == "spoken" for one in fields):
        named["spoken"] = {slug: language_name(one) for slug, one in tenants.languages(db).items()}
    return [replace(one, options=named.get(one.name, one.options)) for one in fields]


def _differences(
    db: Work, fields: Sequence[Field], now: Mapping[str, Any], wanted: Mapping[str, Any], zone: ZoneInfo
) -> list[Difference]:
    leads_to = [entry for one in fields for facts in (now, wanted) for entry in entries_in(one, facts.get(one.name))]
    root = tenants.root_language(db)
    titles = {entry: content.name(said, root)[0] for entry, said in content.titles_of(db, leads_to).items()}
    return [
        Difference(
            one.label,
            in_words(one, now.get(one.name), titles, zone),
            in_words(one, wanted[one.name], titles, zone),
        )
        for one in fields
    ]


def _facts(db: Work, entry: Entry) -> DataclassInstance | None:
    if entry.kind == offers.KIND:
        return offers.facts_of(db, offers.find(db, entry.id))
    if entry.kind == organizations.KIND:
        return organizations.facts_of(db, entry.id)
    if entry.kind == locations.KIND:
        return locations.facts_of(db, entry.id)
    return contacts.facts_of(db, entry.id) if entry.kind == contacts.KIND else None
