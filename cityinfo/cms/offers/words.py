"""Offers as people speak of them."""

from __future__ import annotations

from datetime import datetime

from cityinfo.cms.layout import city_zone
from cityinfo.cms.words import day
from cityinfo.features.offers import Offer
from cityinfo.kernel.i18n import _


def sorts() -> dict[str, str]:
    """What an offer can be."""
    return {
        "service": _("Advice or service"),
        "course": _("Course"),
        "benefit": _("Benefit"),
        "funding": _("Funding"),
        "volunteering": _("Volunteering"),
        "link": _("Link elsewhere"),
    }


def parts() -> dict[str, str]:
    """What a form can ask for, by `needs.PARTS`."""
    return {
        "link": _("Web address"),
        "eligibility": _("Who may use it"),
        "documents": _("Papers to bring"),
        "steps": _("Steps to take"),
        "audiences": _("Target groups"),
        "age": _("Age"),
        "spoken": _("Languages spoken"),
        "locations": _("Locations"),
        "contacts": _("Contacts"),
        "schedule": _("Times of the week"),
        "cost": _("Cost"),
        "appointment": _("Appointments"),
        "deadline": _("Deadline"),
        "validity": _("Valid until"),
    }


def audiences() -> dict[str, str]:
    """Whom an offer is for."""
    return {**_newcomers(), **_families_and_ages(), **_in_work_and_life()}


def line(offer: Offer, *, over: bool) -> str:
    """What a list says of an offer: what it is, and until when."""
    said, end = sorts()[offer.sort], offer.valid_until or offer.deadline
    if end is None:
        return said
    words = {"sort": said, "day": _day(end)}
    if over:
        return _("{sort} · expired on {day}", **words)
    if offer.valid_until is None:
        return _("{sort} · deadline {day}", **words)
    return _("{sort} · valid until {day}", **words)


def _day(moment: datetime) -> str:
    return day(moment.astimezone(city_zone()).date())


def _newcomers() -> dict[str, str]:
    return {
        "newcomers": _("Newcomers"),
        "refugees": _("Refugees"),
        "asylum_seekers": _("Asylum seekers"),
        "eu_citizens": _("EU citizens"),
        "unaccompanied_minors": _("Unaccompanied minors"),
    }


def _families_and_ages() -> dict[str, str]:
    return {
        "families": _("Families"),
        "parents": _("Parents"),
        "single_parents": _("Single parents"),
        "pregnant": _("Pregnant people"),
        "children": _("Children"),
        "teenagers": _("Teenagers"),
        "young_adults": _("Young adults"),
        "women": _("Women"),
        "men": _("Men"),
        "seniors": _("Older people"),
    }


def _in_work_and_life() -> dict[str, str]:
    return {
        "pupils": _("Pupils"),
        "students": _("Students"),
        "apprentices": _("Apprentices"),
        "job_seekers": _("Job seekers"),
        "employees": _("Employees"),
        "self_employed": _("Self-employed people"),
        "disabled": _("People with disabilities"),
        "lgbtiq": _("LGBTIQ people"),
        "volunteers": _("Volunteers"),
        "professionals": _("Professionals"),
    }
