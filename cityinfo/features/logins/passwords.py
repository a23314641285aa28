"""Passwords: which are refused, and how they are kept."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import update

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

from .models import Password

# NIST SP 800-63B asks for 15 characters where a password stands alone and for 8 beside a second factor. We take 12 for
# both, because we also refuse what is common or guessed in few attempts. No rules on which characters: they only make
# people write capitals first and digits last.
LEAST = 12
MOST = 200  # characters; longer ones would only keep the server busy
LEAST_GUESSES_LOG10 = 10.0  # zxcvbn's highest class: withstands someone who has our table and hashes like these
LEAST_UNKNOWN = 8  # letters beside one's own words and those below
_READ_BY_ESTIMATE = 72  # characters: the estimate takes quadratic time, and what is hard to guess so far stays so

# OWASP's first choice (Password Storage Cheat Sheet, 2025), about 40 ms: one lane, because a web process computes one
# request a thread, and 46 MiB, so that four logins at once take less than 200 MiB. A change here is applied to a
# person's hash at the next login.
HASHER = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)

# What people here write that no English list knows; an attacker tries it first.
HERE = (
    *"passwort kennwort willkommen hallo geheim anmelden rathaus landkreis landratsamt verwaltung gemeinde".split(),
    *"integreat cityinfo redaktion integration".split(),
    *"januar februar april august september oktober november dezember".split(),
    *"montag dienstag mittwoch donnerstag freitag samstag sonntag sommer winter herbst frühling fruehling".split(),
    *"schatz fussball fußball deutschland bayern berlin hamburg münchen muenchen qwertz qwertzuiop asdfghjkl".split(),
)
_ONE_AT_A_TIME = threading.Lock()  # the library keeps the words of the password at hand in a table of its module


def check(password: str, words: Sequence[str]) -> str:
    """The password as it is kept (NFKC); `Invalid` says in one sentence why it is refused.

    `words` are the person's own: name, address, cities. Asks nobody outside.
    """
    password = normal(password)
    if len(password) < LEAST:
        raise Invalid(
            "password.short",
            say("Choose a password of at least {least} characters; several words are good.", least=LEAST),
        )
    if len(password) > MOST:
        raise Invalid("password.long", say("Choose a password of at most {most} characters.", most=MOST))
    if _is_common(password):
        raise Invalid("password.common", "This is one of the passwords that others try first; choose another one.")
    known = [part for word in words for part in (word, *_parts(word)) if len(part) > 2] + list(HERE)
    if _without(password, known) < LEAST_UNKNOWN or _guesses_log10(password, known) < LEAST_GUESSES_LOG10:
        raise Invalid(
            "password.weak",
            "This password would be guessed quickly: it consists of common words, names, repetitions or rows of keys;"
            " choose four words that have nothing to do with each other.",
        )
    return password


def normal(password: str) -> str:
    """The same characters however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)


def digest_of(password: str, *, words: Sequence[str] = ()) -> str:
    """What is kept of a new password; `Invalid` as `check` says it.

    Takes memory and time on purpose: never inside a unit of work that writes.
    """
    return HASHER.hash(check(password, words))


def keep(db: Work, account_id: int, digest: str) -> None:
    """Let this be someone's password from now on."""
    row = db.get(Password, account_id) or Password(account_id=account_id)
    row.digest, row.changed_at = digest, clock.now()
    db.add(row)
    db.flush()


def kept(db: Work, account_id: int) -> str | None:
    """The digest of someone's password; None for whoever has none."""
    row = db.get(Password, account_id)
    return row.digest if row is not None else None


def replace(db: Work, account_id: int, digest: str, *, by: str) -> None:
    """Keep another digest of the same password, if this is the present one."""
    present = (Password.account_id == account_id, Password.digest == digest)
    db.execute(update(Password).where(*present).values(digest=by))


def matches(digest: str | None, password: str) -> bool:
    """Whether it is the password. Takes as long when there is none to compare with."""
    nobodys = _nobodys_digest()  # asked for known people too: the first login of a process waits for it
    if len(password) > MOST:
        password, digest = "", None
    try:
        HASHER.verify(nobodys if digest is None else digest, normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return digest is not None


def renewed(digest: str, password: str) -> str:
    """The same digest, or another one of the same password when parameters are others by now."""
    return HASHER.hash(normal(password)) if HASHER.check_needs_rehash(digest) else digest


@cache
def _nobodys_digest() -> str:
    return HASHER.hash("nobody has this password")


def _without(password: str, known: Sequence[str]) -> int:
    """How many letters are left without the words that an attacker tries first."""
    rest = password.lower()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word.lower(), "")
    return len(rest)


def _is_common(password: str) -> bool:
    from zxcvbn.matching import RANKED_DICTIONARIES  # 12 MB of words, and most processes only ever read

    return password.lower() in RANKED_DICTIONARIES["passwords"]


def _guesses_log10(password: str, known: Sequence[str]) -> float:
    from zxcvbn import zxcvbn

    with _ONE_AT_A_TIME:
        found = zxcvbn(password[:_READ_BY_ESTIMATE], list(known))
    return float(found["guesses_log10"])


def _parts(word: str) -> list[str]:
    return "".join(one if one.isalnum() else " " for one in word).split()
