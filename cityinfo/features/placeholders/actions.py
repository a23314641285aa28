"""Saying what texts may ask of a city, and what the city answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from cityinfo.features import tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid, naming
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import facts, queries, rules
from .following import follow
from .models import Placeholder, PlaceholderValue
from .rules import EVERY

KIND = "placeholders"  # as the audit log names them
Values = Mapping[tuple[str, str], str]  # by key and language


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A fact that texts may name. `label` and `help` are what the form asks, by language."""

    key: str
    kind: str
    translated: bool = False
    required: bool = False
    label: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)


def declare(db: Work, wanted: Sequence[Declared], *, actor: Actor) -> None:
    """Let texts ask for these facts, in this order. Those declared before stay, and what was said of them."""
    if len(wanted) > rules.MOST_PLACEHOLDERS:
        raise Invalid("placeholder.many", say("A city has at most {most} facts.", most=rules.MOST_PLACEHOLDERS))
    rows = {row.key: row for row in db.scalars(select(Placeholder))}
    before = digest([_said(row) for row in rows.values()])
    for position, one in enumerate(wanted):
        row = rows.setdefault(rules.check_key(one.key), Placeholder(key=one.key))
        row.position, row.kind, row.translated, row.required = (
            position,
            rules.check_kind(one.kind),
            one.translated,
            one.required,
        )
        row.labels, row.helps = dict(one.label), dict(one.help)
        db.add(row)
    db.flush()
    after = digest([_said(row) for row in rows.values()])
    if after != before:
        said = {"before": before, "after": after}
        tell(db, facts.PlaceholdersDeclared(actor=actor, kind=KIND, entry_id=db.tenant_id, **said))


def fill(db: Work, wanted: Values, *, actor: Actor) -> set[str]:
    """Say these facts, and nothing where the value is empty; the others stay. Returns those that are new.

    Whatever names one of them is published anew. `Invalid` names the fact that cannot be kept.
    """
    known = {row.key: row for row in queries.declared(db)}
    before = queries.values(db)
    after = dict(before)
    for (key, language), value in wanted.items():
        clean = _checked(db, known.get(key), key, language, value)
        after.pop((key, language), None)
        if clean:
            after[key, language] = clean
    changed = rules.changed(before, after)
    if not changed:
        return changed
    _write(db, before, after)
    said = {"before": digest(sorted(before.items())), "after": digest(sorted(after.items()))}
    note = ", ".join(sorted(changed))[:500]
    tell(db, facts.PlaceholdersFilled(actor=actor, kind=KIND, entry_id=db.tenant_id, note=note, **said))
    follow(db, {f"{rules.FACTS}{key}" for key in changed}, actor=actor, **said)
    return changed


def _checked(db: Work, known: Placeholder | None, key: str, language: str, value: str) -> str:
    if known is None:
        raise Invalid("placeholder.unknown", say("No text asks for “{key}”.", key=key[:100]))
    if (language == EVERY) == known.translated or (language != EVERY and language not in tenants.tree(db)):
        raise Invalid(
            "placeholder.language", say("“{key}” is not asked for in “{language}”.", key=key, language=language)
        )
    with naming(known.labels.get(tenants.root_language(db)) or key):
        return rules.check_value(known.kind, value)


def _write(db: Work, before: Values, after: Values) -> None:
    for row in db.scalars(select(PlaceholderValue)).all():
        if (row.key, row.language) not in after:
            db.delete(row)
    for (key, language), value in after.items():
        if before.get((key, language)) != value:
            db.merge(PlaceholderValue(tenant_id=db.tenant_id, key=key, language=language, value=value))
    db.flush()


def _said(row: Placeholder) -> tuple[object, ...]:
    return row.key, row.position, row.kind, row.translated, row.required, row.labels, row.helps
