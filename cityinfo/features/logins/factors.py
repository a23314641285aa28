"""Second factors of one's own account: setting them up, taking them away, and proving with them who one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from cityinfo.features import accounts
from cityinfo.features.accounts import Account
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.facts import Actor, Change, tell
from cityinfo.kernel.i18n import say

from . import challenges, codes, facts, passkeys
from .challenges import Challenge
from .facts import KIND
from .models import Authenticator, LoginSession, Passkey, RecoveryCode
from .passkeys import Answer, Options
from .seals import Site

METHODS = TOTP, PASSKEY, RECOVERY = "totp", "passkey", "recovery_code"
MOST_PASSKEYS = 20
MOST_NAME = 100  # characters
_RECOVERY = "recovery code"


@dataclass(frozen=True, slots=True)
class NewApp:
    """What an authenticator app is told, once: the secret, and the address that a QR code of it says."""

    secret: str
    address: str


def methods(db: Work, account_id: int) -> list[str]:
    """With what a person can prove who they are beside their password; empty for whoever has no second factor."""
    app = db.get(Authenticator, account_id)
    known = [TOTP] if app is not None and app.confirmed_at is not None else []
    known += [PASSKEY] if passkeys_of(db, account_id) else []
    return [*known, RECOVERY] if known and recovery_codes_left(db, account_id) else known


def passkeys_of(db: Work, account_id: int) -> Sequence[Passkey]:
    """A person's passkeys, oldest first."""
    return db.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def recovery_codes_left(db: Work, account_id: int) -> int:
    """How many recovery codes a person has not used yet."""
    statement = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    return db.scalar(statement) or 0


def prepare_app(db: Work, site: Site, account: Account) -> NewApp:
    """The secret for a new app. It counts for nothing before `confirm_app`; until then it can be asked for anew."""
    row = db.get(Authenticator, account.id)
    if row is not None and row.confirmed_at is not None:
        raise Conflict("totp.known", "There is an authenticator app already; remove it first.")
    secret = codes.new_secret()
    row = row or Authenticator(account_id=account.id, last_step=0)
    row.secret, row.created_at = site.seal.hide(secret), clock.now()
    db.add(row)
    db.flush()
    return NewApp(secret, codes.address_for_app(secret, name=account.email, issuer=site.name))


def confirm_app(db: Work, site: Site, session: LoginSession, code: str, *, actor: Actor) -> None:
    """Count the app from now on, because it shows the right code. This login counts as made with it."""
    row = db.get(Authenticator, session.account_id)
    if row is None or row.confirmed_at is not None:
        raise NotFound("totp.unknown", "There is no app that waits to be confirmed; ask for a new secret.")
    if not use_app_code(db, site, session.account_id, code, confirmed=False):
        raise Invalid("totp.wrong", "This is not what the app should show now; check the clock of the phone.")
    before = _state(db, session.account_id)
    row.confirmed_at = clock.now()
    session.strong = True
    _tell(db, facts.SecondFactorAdded, session.account_id, before, actor, note=TOTP)


def remove_app(db: Work, account_id: int, *, actor: Actor) -> None:
    """Count the app no longer."""
    row = db.get(Authenticator, account_id)
    if row is None:
        raise NotFound("totp.unknown", "There is no authenticator app.")
    before = _state(db, account_id)
    db.delete(row)
    _weaken(db, account_id)
    _tell(db, facts.SecondFactorRemoved, account_id, before, actor, note=TOTP)


def use_app_code(db: Work, site: Site, account_id: int, code: str, *, confirmed: bool = True) -> bool:
    """Whether the code is right now and newer than the last one that was used."""
    row = db.get(Authenticator, account_id)
    if row is None or (row.confirmed_at is not None) != confirmed:
        return False
    step = codes.step_of(site.seal.reveal(row.secret), code)
    if step is None:
        return False
    # One statement decides, so that the same code sent twice at once works once.
    newer = update(Authenticator).where(Authenticator.account_id == account_id, Authenticator.last_step < step)
    used = db.execute(newer.values(last_step=step).returning(Authenticator.account_id)).scalar()
    return used is not None


def ask_for_new_passkey(db: Work, site: Site, account: Account) -> tuple[Options, str]:
    """What the browser is asked for a new passkey, and the token that comes back with its answer."""
    known = passkeys_of(db, account.id)
    if len(known) >= MOST_PASSKEYS:
        raise Invalid("passkey.many", say("There are {most} passkeys already; remove one first.", most=MOST_PASSKEYS))
    challenge = challenges.make(challenges.NEW_PASSKEY, account.id)
    options = passkeys.registration(
        site,
        challenge.bytes,
        account_id=account.id,
        email=account.email,
        name=account.name,
        known=[passkeys.in_bytes(one.credential_id) for one in known],
    )
    return options, challenges.signed(site.seal, challenge)


def add_passkey(
    db: Work, site: Site, session: LoginSession, *, token: str, answer: Answer, name: str, actor: Actor
) -> Passkey:
    """Keep the passkey that the browser made. This login counts as made with it."""
    challenge = challenges.read(site.seal, challenges.NEW_PASSKEY, token)
    if challenge.account_id != session.account_id:
        raise Invalid("challenge.unreadable", "This was made for someone else; start again.")
    found = passkeys.read_registration(site, challenge.bytes, answer)
    challenges.use_up(db, site.seal, challenge)
    credential_id = passkeys.in_text(found.credential_id)
    if db.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)) is not None:
        raise Conflict("passkey.known", "This passkey is known already.")
    before = _state(db, session.account_id)
    row = Passkey(
        id=db.new_id(),
        account_id=session.account_id,
        credential_id=credential_id,
        public_key=found.public_key,
        sign_count=found.sign_count,
        name=_name(name),
        created_at=clock.now(),
    )
    db.add(row)
    session.strong = True
    _tell(db, facts.SecondFactorAdded, session.account_id, before, actor, note=PASSKEY)
    return row


def remove_passkey(db: Work, account_id: int, passkey_id: int, *, actor: Actor) -> None:
    """Let this passkey prove nothing any more."""
    row = db.get(Passkey, passkey_id)
    if row is None or row.account_id != account_id:
        raise NotFound("passkey.unknown", "There is no such passkey.")
    before = _state(db, account_id)
    db.delete(row)
    _weaken(db, account_id)
    _tell(db, facts.SecondFactorRemoved, account_id, before, actor, note=PASSKEY)


def use_passkey(db: Work, site: Site, challenge: Challenge, answer: Answer) -> int:
    """Whose passkey answered; `Invalid` when the answer proves nothing, or is not of whom the challenge asked."""
    statement = select(Passkey).where(Passkey.credential_id == passkeys.credential_of(answer)).with_for_update()
    row = db.scalar(statement)
    if row is None or challenge.account_id not in (None, row.account_id):
        raise Invalid("passkey.unknown", "This passkey belongs to no account here; choose another way.")
    row.sign_count = passkeys.read_answer(
        site, challenge.bytes, answer, public_key=row.public_key, sign_count=row.sign_count
    )
    row.used_at = clock.now()
    db.flush()
    return row.account_id


def make_recovery_codes(db: Work, site: Site, account_id: int, *, actor: Actor) -> list[str]:
    """A new sheet of recovery codes, told only here; those of before are worth nothing."""
    if not methods(db, account_id):
        raise Conflict("recovery_code.alone", "Recovery codes stand in for a second factor; set one up first.")
    before, sheet = _state(db, account_id), codes.new_recovery_codes()
    db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    db.add_all(RecoveryCode(account_id=account_id, digest=_digest(site, account_id, code)) for code in sheet)
    _tell(db, facts.RecoveryCodesMade, account_id, before, actor)
    return sheet


def use_recovery_code(db: Work, site: Site, account_id: int, code: str, *, actor: Actor) -> bool:
    """Whether the code is on the person's sheet; it no longer is afterwards."""
    before = _state(db, account_id)
    mine = (RecoveryCode.account_id == account_id, RecoveryCode.digest == _digest(site, account_id, code))
    if db.execute(delete(RecoveryCode).where(*mine).returning(RecoveryCode.digest)).scalar() is None:
        return False
    _tell(db, facts.RecoveryCodeUsed, account_id, before, actor, note=f"{recovery_codes_left(db, account_id)} left")
    return True


def reset(db: Work, account_id: int, *, actor: Actor) -> None:
    """Take all second factors away from someone who lost them. The password stays."""
    accounts.account(db, account_id)
    before = _state(db, account_id)
    for table in (Authenticator, Passkey, RecoveryCode):
        db.execute(delete(table).where(table.account_id == account_id))
    _weaken(db, account_id)
    _tell(db, facts.SecondFactorRemoved, account_id, before, actor, note="all")


def _weaken(db: Work, account_id: int) -> None:
    """Logins count as made with a second factor only while there is one; without one, recovery codes open nothing."""
    db.flush()
    if methods(db, account_id):
        return
    db.execute(update(LoginSession).where(LoginSession.account_id == account_id).values(strong=False))
    db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def _digest(site: Site, account_id: int, code: str) -> str:
    return site.seal.digest(_RECOVERY, f"{account_id} {codes.as_typed(code)}")


def _name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > MOST_NAME:
        raise Invalid("passkey.name", say("Give the passkey a name of at most {most} characters.", most=MOST_NAME))
    return name


def _state(db: Work, account_id: int) -> str:
    """Fingerprint of all second factors of a person."""
    db.flush()
    mine = select(RecoveryCode.digest).where(RecoveryCode.account_id == account_id).order_by(RecoveryCode.digest)
    return digest(db.get(Authenticator, account_id), passkeys_of(db, account_id), db.scalars(mine).all())


def _tell(db: Work, fact: type[Change], account_id: int, before: str, actor: Actor, *, note: str = "") -> None:
    after = _state(db, account_id)
    tell(db, fact(actor=actor, kind=KIND, entry_id=account_id, before=before, after=after, note=note))
