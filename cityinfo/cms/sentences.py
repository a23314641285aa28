"""What went wrong, in the language of whoever is at the screen."""

from __future__ import annotations

from datetime import datetime

from cityinfo.features.logins import passwords
from cityinfo.kernel import clock, i18n
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.i18n import _, ngettext

from . import words


def said(problem: Problem) -> str:
    """The sentence for people; the problem's own where we have no other."""
    if problem.code == "login.limited":
        return _limited(int(problem.data.get("retry_after", 1)))
    if problem.code == "tenant.closed":
        return closed(problem.data["city"], datetime.fromisoformat(problem.data["due_at"]))
    return {**_ways_in(), **_new_passwords(), **_factors()}.get(problem.code) or i18n.said(problem.message)


def closed(city: str, due_at: datetime) -> str:
    """What someone is told who works in a city that was closed."""
    day = words.when(due_at, now=clock.now(), zone=words.NO_CITYS_ZONE)
    whom = _("If it should stay, write to the staff of the platform.")
    return _("{city} is closed. Everything of it will be deleted ({day}). {whom}", city=city, day=day, whom=whom)


def wait(seconds: int) -> str:
    """How long to wait, as people say it."""
    if seconds < 60:
        return ngettext("one second", "{number} seconds", seconds)
    return ngettext("one minute", "{number} minutes", -(-seconds // 60))


def _limited(seconds: int) -> str:
    return _("Too many failed attempts. Try again in {time}.", time=wait(seconds))


def _ways_in() -> dict[str, str]:
    again = _("This took too long or was answered already. Log in again.")
    return {
        "login.wrong": _("E-mail address or password is wrong."),
        "login.locked": _("This account is locked. Ask a manager of your city."),
        "login.needed": _("Log in first."),
        "login.ended": _("This login has ended. Log in again."),
        "login.confirm": _("Your present password is needed for this. Type it in again."),
        "link.gone": _("This link was used or is too old."),
        "link.unknown": _("This link is not complete. Copy the whole of it from the letter."),
        "challenge.unreadable": again,
        "challenge.used": again,
        "session.unknown": _("There is no such login, or it has ended already."),
        "staff.reason": _("Say in a few words why you act in this city. Its managers can read it."),
        "location.in_use": _("This place is still needed; see where it is used, and move or archive that first."),
        "account.name": _("Write a name of at most 200 letters."),
        "request.origin": _("This form was sent from another site. Open it here and send it again."),
    }


def _new_passwords() -> dict[str, str]:
    return {
        "password.short": _(
            "Choose a password of at least {number} characters. Several words are good.", number=passwords.LEAST
        ),
        "password.long": _("Choose a password of at most {number} characters.", number=passwords.MOST),
        "password.common": _("This is one of the passwords that others try first. Choose another one."),
        "password.weak": _(
            "This password would be guessed quickly. Choose four words that have nothing to do with each other."
        ),
    }


def _factors() -> dict[str, str]:
    return {
        "second_factor.wrong": _("This code is not right or was used before. Try the next one."),
        "totp.wrong": _("This is not what the app should show now. Check the clock of the phone."),
        "totp.known": _("There is an authenticator app already. Remove it first."),
        "totp.unknown": _("There is no app that waits to be confirmed. Begin again."),
        "passkey.unknown": _("This passkey belongs to no account here. Choose another way."),
        "passkey.refused": _("This passkey could not be checked. Begin again or choose another way."),
        "passkey.known": _("This passkey is known already."),
        "passkey.many": _("There are 20 passkeys already. Remove one first."),
        "passkey.name": _("Give the passkey a name of at most 100 characters."),
        "recovery_code.alone": _("Recovery codes stand in for a second factor. Set one up first."),
    }


def overtaken() -> str:
    """What is said above a form that a colleague was quicker than."""
    return _("Not saved yet: someone else changed this meanwhile. Your words are below; save again to keep them.")


def as_it_stands() -> str:
    """The same above a form that shows what the colleague has saved."""
    return _("Someone else changed this meanwhile. This is how it stands now.")
