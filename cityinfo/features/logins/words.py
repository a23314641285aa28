"""The letters about logins, in the language of whoever gets them."""

from __future__ import annotations

from cityinfo.features.accounts import Account
from cityinfo.kernel import i18n
from cityinfo.kernel.i18n import _

from .ports import Letter


def invitation(account: Account, *, city: str, address: str, reference: str) -> Letter:
    """To someone who has no login yet."""
    with i18n.speaking(account.language):
        return _letter(
            account,
            reference,
            _("Your access to {city}", city=city),
            _("you have been invited to work on what {city} tells its newcomers.", city=city),
            _("Choose your password here within seven days:") + f"\n{address}",
            _("If you did not expect this letter, you need not do anything: the invitation lapses by itself."),
        )


def welcome(account: Account, *, city: str, address: str, reference: str) -> Letter:
    """To someone who works in other cities already."""
    with i18n.speaking(account.language):
        return _letter(
            account,
            reference,
            _("Your access to {city}", city=city),
            _("you can also work on what {city} tells its newcomers from now on.", city=city),
            _("Log in as you are used to:") + f"\n{address}",
        )


def new_password(account: Account, *, city: str, address: str, reference: str) -> Letter:
    """To someone who forgot a password; `city` is the name of the service."""
    with i18n.speaking(account.language):
        return _letter(
            account,
            reference,
            _("A new password for {service}", service=city),
            _("somebody, probably you, asked for a new password for {service}.", service=city),
            _("Choose it here within two hours:") + f"\n{address}",
            _("If it was not you, you need not do anything: your password stays as it is."),
        )


def _letter(account: Account, reference: str, subject: str, *paragraphs: str) -> Letter:
    greeting = _("Hello {name},", name=account.name)
    return Letter(
        to=account.email,
        subject=subject,
        text="\n\n".join([greeting, *paragraphs]) + "\n",
        language=i18n.language(),
        reference=reference,
    )
