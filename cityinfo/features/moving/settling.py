"""What the old system says of a city beside its content: facts, languages, categories and offers of others.

What was decided here since stays: only what is new there is taken over, and only where nobody has changed it here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cityinfo.features import contacts, imports, locations, offers, tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.i18n import say

from .answers import Object
from .models import MoveIn
from .reading import OFFERS, Answers
from .types import Report, Wanted

FEATURES = "features"
# What apps call a feature, and what it is called here.
_FEATURES = {
    "events": "events",
    "pois": "locations",
    "contacts": "contacts",
    "extras": "offers",
    "push_notifications": "push_notifications",
    "external_news": "external_news",
}


def facts_of(region: Object) -> dict[str, Any]:
    """Public facts of a city, as far as they are said."""
    box = region.values.get("bounding_box")
    aliases = region.values.get("aliases")
    said: dict[str, Any] = {
        "name": region.title("name_without_prefix") or region.title("name"),
        "prefix": region.title("prefix") if region.title("name_without_prefix") else "",
        "postal_codes": [region.text("plz")] if re.fullmatch("[0-9]{5}", region.text("plz")) else [],
        "bounding_box": box if isinstance(box, list) else None,
        "aliases": aliases if isinstance(aliases, dict) else {},
        FEATURES: {ours: region.flag(theirs) for theirs, ours in _FEATURES.items()} if region else {},
    }
    point = {name: region.number(name) for name in ("latitude", "longitude")}
    said |= point if None not in point.values() else {}
    return {name: value for name, value in said.items() if value}


def settle(db: Work, move_in: MoveIn, answers: Answers, wanted: Wanted, report: Report) -> dict[str, str]:
    """Take over what is new of it; returns which category of here each number of there is."""
    last = dict(move_in.last)
    _facts(db, last, _said(answers, wanted), report)
    tenants.set_languages(db, tenants.language_choices(tenants.tree(db), answers.languages), actor=imports.IMPORTER)
    for language in answers.unknown:
        said = say("Nobody here knows this language; it does not come until the platform's staff add it.")
        report.note(language, said)
    _offers(db, last, answers, report)
    last["categories"] = _categories(db, last.get("categories", {}), wanted.categories)
    move_in.last = last
    return {number: one["slug"] for number, one in last["categories"].items()}


def _said(answers: Answers, wanted: Wanted) -> dict[str, Any]:
    """The facts of the city; contacts that places show are shown, whatever is said of contacts otherwise."""
    said = facts_of(answers.region)
    if any(one.kind == contacts.KIND for one in wanted.found):
        said[FEATURES] = {**said.get(FEATURES, {}), "contacts": True}
    return said


def _facts(db: Work, last: dict[str, Any], came: dict[str, Any], report: Report) -> None:
    here, before = tenants.facts_of(db), last.get("facts")
    last["facts"] = came
    if before is None:  # the city was here before it came from there: what it says of itself stays
        return
    part = _fresh({name: getattr(here, name) for name in came}, before, came, report)
    switches = _fresh(here.features, before.get(FEATURES, {}), came.get(FEATURES, {}), report)
    part[FEATURES] = {**here.features, **switches}
    try:
        tenants.change(db, replace(here, **part), actor=imports.IMPORTER)
    except Problem as problem:
        report.refuse(here.slug, problem)


def _fresh(
    here: Mapping[str, Any], before: Mapping[str, Any], came: Mapping[str, Any], report: Report
) -> dict[str, Any]:
    """What is new of the facts that came, where nobody has changed them here."""
    found: dict[str, Any] = {}
    for name, value in came.items():
        if name == FEATURES or value == before.get(name):
            continue
        if name in before and here.get(name) != before[name]:
            report.note(name, say("This fact of the city was changed here and there; what is here stays."))
        else:
            found[name] = value
    return found


def _offers(db: Work, last: dict[str, Any], answers: Answers, report: Report) -> None:
    said = next(iter(answers.of(OFFERS).values()), None)
    if said is None:
        return
    templates = offers.templates(db)
    came: dict[str, str] = {}
    for one in said:
        alias, template = one.text("alias"), templates.get(one.text("alias"))
        if template is None:
            report.note(alias, say("There is no template for this offer; the platform's staff can add one."))
        else:
            came[alias] = one.object("post").text(template.asks_for) if template.asks_for else ""
    here = {one.alias: one.address for one in offers.external(db)}
    if came == last.get("offers", {}):
        return
    if here != last.get("offers", {}):
        report.note("offers", say("Offers of others were changed here and there; what is here stays."))
        return
    try:
        offers.set_external(db, came, actor=imports.IMPORTER)
        last["offers"] = came
    except Problem as problem:
        report.refuse("offers", problem)


def _categories(db: Work, last: Mapping[str, Any], came: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    known = locations.all_categories(db)
    found = dict(last)
    for number, said in came.items():
        before = found.get(number)
        own = known.get(before["slug"]) if before else None
        if before is None:
            found[number] = {"slug": _alike(known, said) or _new(db, said), "names": dict(said["names"])}
            known = locations.all_categories(db)
        elif own and own.own and dict(own.names) == before["names"] != said["names"]:
            _save(db, own.slug, said)
            found[number] = {"slug": own.slug, "names": dict(said["names"])}
    return found


def _alike(known: Mapping[str, locations.Category], said: Mapping[str, Any]) -> str:
    """A category that is called the same in a language that both know."""
    names = {language: name.casefold() for language, name in said["names"].items()}
    for one in known.values():
        if not one.retired and any(one.names.get(language, "").casefold() == name for language, name in names.items()):
            return one.slug
    return ""


def _new(db: Work, said: Mapping[str, Any]) -> str:
    slug = locations.free_slug(db, next(iter(said["names"].values())))
    _save(db, slug, said)
    return slug


def _save(db: Work, slug: str, said: Mapping[str, Any]) -> None:
    icon = said["icon"] if said["icon"] in locations.ICONS else locations.OTHER
    color = said["color"] if said["color"] in locations.COLORS else locations.COLORS[-1]
    names = {language: name[: locations.MOST_NAME] for language, name in said["names"].items()}
    locations.save_category(db, slug, names=names, icon=icon, color=color, actor=imports.IMPORTER)
