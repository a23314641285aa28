"""Decisions about placeholders. Pure: no session, no clock."""

from __future__ import annotations

import re

from cityinfo.features import contacts, organizations
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

TEXT, PHONE, EMAIL, URL, ADDRESS, HOURS = "text", "phone", "email", "url", "address", "hours"
KINDS = (TEXT, PHONE, EMAIL, URL, ADDRESS, HOURS)
EVERY = ""  # the language of what is not translated
TENANT_NAME = "tenant.name"
FACTS = "facts."
MOST_VALUE = 500  # characters
MOST_PLACEHOLDERS = 500
MARK = re.compile(r"\{\{\s*([a-z_]+(?:\.[a-z_]+)+)\s*\}\}")
_KEY = re.compile(r"[a-z_]{1,50}\.[a-z_]{1,50}")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")


def named_in(content: str) -> set[str]:
    """The placeholders that a text names, as ``tenant.name`` or ``facts.office.phone``."""
    return {found[1] for found in MARK.finditer(content)} if "{{" in content else set()


def check_key(key: str) -> str:
    """Office and detail, such as ``youth_office.phone``."""
    if not _KEY.fullmatch(key):
        raise Invalid(
            "placeholder.key",
            say("“{key}” cannot name a fact: write it as office.detail, a-z and _ only.", key=key[:100]),
        )
    return key


def check_kind(kind: str) -> str:
    if kind not in KINDS:
        raise Invalid(
            "placeholder.kind",
            say("“{kind}” is no kind of fact; choose of: {choices}.", kind=kind[:50], choices=", ".join(KINDS)),
        )
    return kind


def check_value(kind: str, value: str) -> str:
    """A value as it is kept: phone numbers in international form, white space evened out. Empty stays empty."""
    value = " ".join(value.split())
    if len(value) > MOST_VALUE or "\0" in value or "{{" in value:
        raise Invalid("placeholder.value", say("Write at most {most} characters, and no braces.", most=MOST_VALUE))
    if not value or kind in (TEXT, ADDRESS, HOURS):
        return value
    if kind == PHONE:
        return contacts.phone_number(value)
    if kind == EMAIL and not _EMAIL.fullmatch(value):
        raise Invalid(
            "placeholder.email", say("“{value}” is no e-mail address; write it as name@example.org.", value=value[:100])
        )
    if kind == URL and not organizations.is_web_address(value):
        raise Invalid("placeholder.url", say("“{value}” is no web address; write it with https://.", value=value[:100]))
    return value


def as_link(kind: str, value: str) -> str:
    """Where a value of this kind leads; empty where it leads nowhere."""
    if kind == PHONE:
        return contacts.phone_link(value)
    return {EMAIL: f"mailto:{value}", URL: value}.get(kind, "")


def changed(before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]) -> set[str]:
    """The keys of which something else is said."""
    return {
        key
        for key, language in before.keys() | after.keys()
        if before.get((key, language)) != after.get((key, language))
    }
