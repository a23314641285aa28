"""Changes to offers. Their words are saved and published as all words are, by `content`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cityinfo.features import content, media, organizations, tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import SYSTEM, Actor, tell
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import Run
from cityinfo.kernel.parts import with_part

from . import queries, rules
from .facts import ExternalOffersChanged, OfferTemplateChanged
from .models import ExternalOffer, Offer, OfferTemplate
from .queries import CONTACT, KIND, LOCATION
from .rules import External

FOLLOW = "offers.follow_template"
_TARGETS = (  # field of the facts, role, kind it leads to
    ("provider", organizations.BELONGS_TO, organizations.KIND),
    ("picture", media.PICTURE, media.KIND),
    ("locations", LOCATION, LOCATION),
    ("contacts", CONTACT, CONTACT),
)
_LISTS = ("locations", "contacts")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """What is said of an offer beside words. Costs in cents, ages in whole years, languages by their slug.

    Who may use it, which papers are needed, which steps to take and what else is to say of its cost are words: sections
    of the text with the classes `eligibility`, `documents`, `steps` and `cost`.
    """

    sort: str = "service"
    provider: int | None = None
    locations: Sequence[int] = ()
    contacts: Sequence[int] = ()
    picture: int | None = None
    audiences: Sequence[str] = ()
    spoken: Sequence[str] = ()
    age_from: int | None = None
    age_to: int | None = None
    cost_from: int | None = None
    cost_to: int | None = None
    schedule: Sequence[Mapping[str, str]] = ()
    deadline: datetime | None = None
    valid_until: datetime | None = None
    link: str = ""
    appointment: str = ""


def create(db: Work, facts: OfferFacts, *, v3_id: int | None = None, actor: Actor) -> Offer:
    """A new offer, without words yet: save and publish its first text."""
    _check(db, facts)
    entry = content.create_entry(db, KIND, v3_id=v3_id)
    offer = Offer(id=entry.id)
    _put(db, offer, facts)
    content.tell_created(db, entry, offer, actor=actor)
    return offer


def change(db: Work, offer_id: int, facts: OfferFacts, *, revision: int, actor: Actor) -> None:
    """Say something else of an offer."""
    offer = queries.find(db, offer_id)
    entry = content.find_entry(db, offer.id, KIND)
    content.check_entry_revision(entry, revision)
    _check(db, facts)
    before = content.state(db, entry, offer)
    _put(db, offer, facts)
    after = content.state(db, entry, offer)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def change_part(db: Work, offer_id: int, part: Mapping[str, Any], /, *, revision: int, actor: Actor) -> None:
    """Say something else of some facts, as JSON writes them, and leave the others as they are.

    Who provides it cannot be said here: that is nobody's to propose but the editors'.
    """
    facts = with_part(facts_of(db, queries.find(db, offer_id)), part, closed=["provider"])
    change(db, offer_id, facts, revision=revision, actor=actor)


def archive(db: Work, offer_id: int, *, revision: int, actor: Actor) -> None:
    """Take the offer out of public sight."""
    content.set_archived(db, content.find_entry(db, offer_id, KIND), True, revision=revision, actor=actor)


def restore(db: Work, offer_id: int, *, revision: int, actor: Actor) -> None:
    """Bring an archived offer back as it was."""
    content.set_archived(db, content.find_entry(db, offer_id, KIND), False, revision=revision, actor=actor)


def delete_for_good(db: Work, offer_id: int, *, revision: int, actor: Actor) -> None:
    """Delete an archived offer that nothing leads to any more."""
    content.delete_entry(db, content.find_entry(db, offer_id, KIND), revision=revision, actor=actor)


def facts_of(db: Work, offer: Offer) -> OfferFacts:
    """What is said of the offer now, to change a part of it."""
    own = ("sort", "age_from", "age_to", "cost_from", "cost_to", "deadline", "valid_until", "link", "appointment")
    targets = {name: content.related(db, [offer.id], role).get(offer.id, []) for name, role, _ in _TARGETS}
    return OfferFacts(
        **{name: getattr(offer, name) for name in own},
        audiences=offer.audiences,
        spoken=offer.spoken,
        schedule=offer.schedule["items"],
        provider=next(iter(targets["provider"]), None),
        picture=next(iter(targets["picture"]), None),
        locations=targets["locations"],
        contacts=targets["contacts"],
    )


def set_external(db: Work, wanted: Mapping[str, str], *, actor: Actor) -> None:
    """Switch exactly these on, by alias, in order, each with the city's own address where its template asks for one."""
    known = queries.templates(db)
    for alias, address in wanted.items():
        rules.check_external(_template(known, alias), address, queries.postal_code(db))
    rows = {row.alias: row for row in db.scalars(select(ExternalOffer).order_by(ExternalOffer.position))}
    _check_given([known[alias] for alias in wanted if alias not in rows])
    before = {alias: row.address for alias, row in rows.items()}
    if list(before.items()) == list(wanted.items()):
        return
    for alias in rows.keys() - wanted.keys():
        db.delete(rows[alias])
    for position, (alias, address) in enumerate(wanted.items()):
        row = rows.get(alias) or ExternalOffer(alias=alias)
        row.address, row.position = address, position
        db.add(row)
    db.flush()
    old, new = digest(list(before.items())), digest(list(wanted.items()))
    tell(db, ExternalOffersChanged(actor=actor, kind="tenant", entry_id=db.tenant_id, before=old, after=new))


def _check(db: Work, facts: OfferFacts) -> None:
    rules.check_sort(facts.sort, facts.link)
    rules.check_audiences(facts.audiences)
    rules.check_spoken(facts.spoken, tenants.languages(db) if facts.spoken else ())
    rules.check_age(facts.age_from, facts.age_to)
    rules.check_cost(facts.cost_from, facts.cost_to)
    rules.check_schedule(facts.schedule)
    rules.check_dates(facts.deadline, facts.valid_until)
    for address in (facts.link, facts.appointment):
        rules.check_address(address)


def _put(db: Work, offer: Offer, facts: OfferFacts) -> None:
    offer.sort, offer.link, offer.appointment = facts.sort, facts.link, facts.appointment
    offer.audiences, offer.spoken = list(facts.audiences), list(facts.spoken)
    offer.age_from, offer.age_to = facts.age_from, facts.age_to
    offer.cost_from, offer.cost_to = facts.cost_from, facts.cost_to
    offer.schedule = {"items": [dict(slot) for slot in facts.schedule]}
    offer.deadline, offer.valid_until = facts.deadline, facts.valid_until
    db.add(offer)
    db.flush()
    entry = content.find_entry(db, offer.id)
    for name, role, kind in _TARGETS:
        wanted = getattr(facts, name)
        targets = wanted if name in _LISTS else [one for one in (wanted,) if one is not None]
        content.relate(db, entry, role, targets, kind=kind)


def save_template(db: Work, template: External, *, new: bool, actor: Actor) -> None:
    """Let every city switch another offer on, or call one otherwise, in work that belongs to none.

    Cities in which it is on follow by `FOLLOW`.
    """
    template = rules.checked_template(template)
    if (template.alias in queries.templates(db)) == new:
        raise Conflict("template.alias_taken", say("“{alias}” is known already.", alias=template.alias))
    row = db.get(OfferTemplate, template.alias)
    before = digest(row) if row else ""
    row = row or OfferTemplate(alias=template.alias)
    for one in fields(External):
        setattr(row, one.name, getattr(template, one.name))
    row.post = dict(template.post)
    db.add(row)
    db.flush()
    said = {"before": before, "after": digest(row), "note": row.alias}
    tell(db, OfferTemplateChanged(actor=actor, kind="offer_template", entry_id=0, **said))


def follow_template(run: Run, alias: str) -> None:
    """Let apps be told anew of an offer of another system that is on in this city."""
    with run.unit_of_work(write=True) as db:
        about = ExternalOffersChanged(
            actor=SYSTEM,
            kind="tenant",
            entry_id=db.tenant_id,
            before=digest(alias),
            after=digest(alias),
            note=alias,
        )
        tell(db, about)
        run.finish(db)


def _check_given(fresh: Sequence[External]) -> None:
    for one in fresh:
        if one.retired:
            raise Invalid("offer.external", say("“{name}” is no longer offered.", name=one.name))


def _template(known: Mapping[str, External], alias: str) -> External:
    template = known.get(alias)
    if template is None:
        raise Invalid(
            "offer.external",
            say(
                "“{alias}” is no offer of another system; choose from: {choices}.",
                alias=alias[:50],
                choices=", ".join(known),
            ),
        )
    return template
