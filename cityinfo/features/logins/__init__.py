"""Logins: proving who one is, and going on from there without proving it with every request."""

from . import factors, passwords, sessions, style
from .actions import invite, invite_again, require_second_factor, set_password, take_back_invitation
from .devices import Visitor
from .entrance import Entrance
from .facts import KIND
from .jobs import purge, send_link
from .links import SEND_LINK
from .models import LoginSession, Passkey, Password
from .ports import Letter, Mailer
from .queries import (
    Invitation,
    Ways,
    check_second_factor,
    check_staff,
    invitations,
    roles_with_second_factor,
    ways_of,
)
from .seals import Seal, Site

__all__ = [
    "KIND",
    "SEND_LINK",
    "Entrance",
    "Invitation",
    "Letter",
    "LoginSession",
    "Mailer",
    "Passkey",
    "Password",
    "Seal",
    "Site",
    "Visitor",
    "Ways",
    "check_second_factor",
    "check_staff",
    "factors",
    "invitations",
    "invite",
    "invite_again",
    "passwords",
    "purge",
    "require_second_factor",
    "roles_with_second_factor",
    "send_link",
    "sessions",
    "set_password",
    "style",
    "take_back_invitation",
    "ways_of",
]
