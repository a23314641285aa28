"""Decisions about contact points. Pure: no session, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cityinfo.features import locations, organizations
from cityinfo.kernel import html
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

REGION = "DE"  # whose numbers need no country code
MOST_NAME = 300  # characters
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What is said of a contact beside words. `name` is a person's; without `hours` those of the location count.

    National numbers are read as people write them in `region`: that of the location, or Germany, unless it is said.
    """

    name: str = ""
    phone: str = ""
    mobile: str = ""
    email: str = ""
    website: str = ""
    appointment_url: str = ""
    hours: str = ""
    primary: bool = False
    location: int | None = None
    organization: int | None = None
    region: str = ""  # ISO 3166, two letters


def check(facts: ContactFacts) -> None:
    """Raise `Invalid` for what nobody could use. Phone numbers and hours are checked where they are written anew."""
    reachable = (facts.phone, facts.mobile, facts.email, facts.website, facts.appointment_url, facts.location)
    if not any(reachable):
        raise Invalid(
            "contact.empty", "A contact needs a phone number, an e-mail, a web address or a location to be of use."
        )
    if facts.primary and facts.location is None:
        raise Invalid("contact.primary", "Only a contact at a location can be its primary one; choose a location.")
    if len(facts.name) > MOST_NAME or "\0" in facts.name:
        raise Invalid("contact.name", say("The name is too long; {most} characters is the most.", most=MOST_NAME))
    if facts.email and not _EMAIL.fullmatch(facts.email.strip()):
        raise Invalid(
            "contact.email",
            say("“{email}” is no e-mail address; write it as name@example.org.", email=facts.email[:100]),
        )
    for address in (facts.website, facts.appointment_url):
        if address and not organizations.is_web_address(address):
            raise Invalid(
                "contact.web_address",
                say("“{address}” is no web address; write it with https://.", address=address[:100]),
            )


def phone_number(text: str, region: str = REGION) -> str:
    """A number in international form; short ones, as 115, stay as they are. Empty stays empty."""
    import phonenumbers  # megabytes that readers' processes do not need

    text = text.strip()
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise _no_number(text) from None
    if phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if phonenumbers.is_valid_short_number_for_region(number, region):
        return str(number.national_number)
    raise _no_number(text)


def phone_link(number: str) -> str:
    """What a phone dials."""
    return "tel:" + re.sub(r"[^\d+]", "", number.partition(" ext.")[0])


def email(text: str) -> str:
    """An address as it is kept: its host does not distinguish cases."""
    local, _, host = text.strip().partition("@")
    return f"{local}@{host.lower()}" if host else ""


def found_in(content: str, region: str = REGION) -> Iterator[tuple[str, str]]:
    """Plain e-mail addresses and phone numbers of a text: as they stand there, and as contacts keep them."""
    import phonenumbers

    text = "\n".join([html.plain_text(html.write_cards(content, lambda *_: "")), *_links(content)])
    yield from ((found[0], found[0].casefold()) for found in _EMAIL.finditer(text))
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        yield match.raw_string, phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def headline(name: str, area: str) -> str:
    """What stands above a contact."""
    return " | ".join(part for part in (name, area) if part)


def check_hours(hours: str) -> str:
    return locations.hours.check(hours)


def _links(content: str) -> Iterator[str]:
    for link in html.links(content):
        scheme, _, address = link.partition(":")
        if scheme in ("mailto", "tel"):
            yield address.partition("?")[0]


def _no_number(text: str) -> Invalid:
    return Invalid(
        "contact.phone",
        say("“{text}” is no phone number; write it with its area code, as +49 30 123456.", text=text[:60]),
    )
