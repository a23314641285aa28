"""Editing offers."""

from __future__ import annotations

from dataclasses import replace

from marshmallow import fields, validate

from cityinfo.features import offers
from cityinfo.features.offers import OfferFacts
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import entries
from .kinds import Facts, Kind, add, delete_entry
from .values import Choice, Identity, Line, Moment, Part, Sent, Whole

MOST_CENTS = 100_000_000
_TIME = validate.Regexp("^([01][0-9]|2[0-3]):[0-5][0-9]$")


class WeeklySlotSchema(Sent):
    """A weekly slot, in the city's time."""

    day = Choice(*offers.DAYS, required=True, metadata={"example": "mo"})
    from_ = fields.String(
        data_key="from", attribute="from", required=True, validate=_TIME, metadata={"example": "09:00"}
    )
    to = fields.String(required=True, validate=_TIME, metadata={"example": "10:30"})


class OfferFactsSchema(Sent):
    """Whom an offer is for, what it costs and where it is. Costs are cents, ages whole years."""

    sort = Choice(*offers.SORTS, load_default="service")
    provider = Identity(load_default=None, allow_none=True, metadata={"description": "An organization."})
    locations = fields.List(Identity(), load_default=tuple)
    contacts = fields.List(Identity(), load_default=tuple)
    picture = Identity(load_default=None, allow_none=True)
    audiences = fields.List(Choice(*offers.AUDIENCES), load_default=tuple)
    spoken = fields.List(
        Line(20), load_default=tuple, metadata={"description": "Languages by slug.", "example": ["de"]}
    )
    age_from = Whole(0, 150, load_default=None, allow_none=True)
    age_to = Whole(0, 150, load_default=None, allow_none=True)
    cost_from = Whole(0, MOST_CENTS, load_default=None, allow_none=True, metadata={"description": "0: free."})
    cost_to = Whole(0, MOST_CENTS, load_default=None, allow_none=True)
    schedule = fields.List(Part(WeeklySlotSchema), load_default=tuple)
    deadline = Moment(load_default=None, allow_none=True, metadata={"example": "2027-03-31T12:00:00+02:00"})
    valid_until = Moment(load_default=None, allow_none=True)
    link = Line(2_000, load_default="")
    appointment = Line(2_000, load_default="")


def _create(db: Work, facts: Facts, actor: Actor) -> int:
    return offers.create(db, OfferFacts(**facts), actor=actor).id


def _read(db: Work, offer_id: int) -> OfferFacts:
    return offers.facts_of(db, offers.find(db, offer_id))


def _change(db: Work, offer_id: int, facts: Facts, /, *, revision: int, actor: Actor) -> None:
    offers.change(db, offer_id, replace(_read(db, offer_id), **facts), revision=revision, actor=actor)


KIND = add(
    Kind(
        content_type=offers.OFFERS,
        plural="offers",
        noun="offer",
        facts=OfferFactsSchema,
        read=_read,
        create=_create,
        change=_change,
        archive=offers.archive,
        restore=offers.restore,
        delete=delete_entry,
        example={"sort": "course", "audiences": ["newcomers"], "cost_from": 0},
    )
)
blueprint = entries.operations_of(KIND, "What people can make use of.")
