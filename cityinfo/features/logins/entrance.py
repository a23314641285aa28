"""The way in, the same for every face: it opens its own units of work.

Passwords cost time on purpose, and neither that nor the wait for a mail server may lie inside a unit of work that
writes. Attempts are counted before they are decided, in work that is kept even when they fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from cityinfo.features import accounts, tenants
from cityinfo.features.accounts import Account
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.digests import digest as fingerprint
from cityinfo.kernel.errors import Forbidden, Unauthenticated
from cityinfo.kernel.facts import Actor, tell

from . import challenges, devices, factors, facts, links, passkeys, passwords, sessions, throttle
from .challenges import Challenge
from .devices import Visitor
from .factors import PASSKEY, RECOVERY, TOTP
from .facts import KIND
from .links import INVITATION, PASSWORD
from .models import LoginLink, LoginSession
from .passkeys import Answer, Options
from .seals import Site
from .throttle import Attempt


class Entrance:
    """Lets people in who prove who they are."""

    def __init__(self, database: Database, site: Site) -> None:
        self._database = database
        self.site = site

    def log_in(self, email: str, password: str, visitor: Visitor) -> LoginSession:
        """A session for e-mail address and password.

        `Unauthenticated` never says which of both is wrong, and takes as long for whoever has no account. `Forbidden`
        with the code ``second_factor.required`` brings a challenge for `answer`, `Limited` says how long to wait.
        """
        attempt = self._counted(email, visitor)
        account = self._whose_password(email, password)
        self._take_back(attempt)
        return self._first_step_done(account, visitor, "password")

    def answer(self, token: str, method: str, proof: str | Answer, visitor: Visitor) -> LoginSession:
        """A session for the second factor that a login asked for: a code, or what a passkey answered."""
        challenge = challenges.read(self.site.seal, challenges.SECOND_FACTOR, token)
        account_id = challenge.account_id or 0
        attempt = self._counted_for(f"second factor of {account_id}", account_id, visitor)
        with self._work(write=True) as db:
            account = accounts.active_account(db, account_id)
            challenges.use_up(db, self.site.seal, challenge)
            if not self._proves(db, account, challenge, method, proof):
                raise Unauthenticated("second_factor.wrong", "This is not right, or was used before; try again.")
            throttle.take_back(db, self.site.seal, attempt)
            return self._begin(db, account, visitor, method, strong=True)

    def passkey_question(self) -> tuple[Options, str]:
        """What a browser is asked of whoever holds a passkey, and the token that comes back with the answer."""
        challenge = challenges.make(challenges.PASSKEY, None)
        return passkeys.question(self.site, challenge.bytes), challenges.signed(self.site.seal, challenge)

    def log_in_with_passkey(self, token: str, answer: Answer, visitor: Visitor) -> LoginSession:
        """A session for a passkey alone: the device has asked for finger, face or PIN, so it is both factors.

        Not slowed down: a signature cannot be guessed.
        """
        challenge = challenges.read(self.site.seal, challenges.PASSKEY, token)
        with self._work(write=True) as db:
            account = accounts.active_account(db, factors.use_passkey(db, self.site, challenge, answer))
            challenges.use_up(db, self.site.seal, challenge)
            return self._begin(db, account, visitor, PASSKEY, strong=True)

    def forgot(self, email: str, visitor: Visitor) -> None:
        """Send a letter with a way to a new password, if the address has an account. Nobody is told whether it has."""
        self._count(Attempt(whose=f"forgotten {_typed(email)}", address=visitor.address))
        with self._work() as db:
            account = accounts.account_of(db, email)
        carrier = self._carrier(account.id if account else 0)
        if carrier is None:
            return
        with self._database.unit_of_work(carrier, write=True, numbered=False) as db:
            links.promise(db, account.id if account and account.active else None, PASSWORD)

    def reset(self, token: str, password: str, visitor: Visitor) -> LoginSession:
        """A session for whoever chose a new password with a letter's link; all others of the account end.

        `Forbidden` with a challenge for whoever has a second factor: a letter is one factor only.
        """
        return self._choose(token, PASSWORD, password, visitor)

    def accept(self, token: str, password: str, visitor: Visitor) -> LoginSession:
        """A session for whoever accepted an invitation by choosing a password."""
        return self._choose(token, INVITATION, password, visitor)

    def whose(self, token: str, purpose: str) -> tuple[Account, LoginLink]:
        """Who may come in by the link of a letter; `Gone` when it opens nothing any more."""
        with self._work() as db:
            link = links.find(db, self.site, token, purpose)
            account = accounts.active_account(db, link.account_id or 0)
        if not links.leads_somewhere(self._database, link):
            raise links.gone()
        return account, link

    def change_password(self, session: LoginSession, *, current: str, new: str, visitor: Visitor) -> None:
        """Choose another password, and end all logins but this one."""
        account = self.confirm(session, current, visitor)
        digest = passwords.digest_of(new, words=_words(account))
        with self._work(write=True) as db:
            self._keep(db, account, digest, "changed")
            sessions.end_others(db, session, actor=_self(account))

    def confirm(self, session: LoginSession, password: str, visitor: Visitor) -> Account:
        """Before someone changes how they get in: whose session it is, if they prove again that they are here.

        The password proves it, or a login within the last minutes, which is all that people without one can show.
        """
        with self._work() as db:
            account = accounts.active_account(db, session.account_id)
            kept = passwords.kept(db, account.id)
        if not password and sessions.is_fresh(session):
            return account
        attempt = self._counted(account.email, visitor)
        if not passwords.matches(kept, password):
            raise Forbidden("login.confirm", "Your present password is needed for this; type it in again.")
        self._take_back(attempt)
        return account

    def device_token(self, session: LoginSession) -> str:
        """What the device keeps, so that it is known at the next login."""
        return devices.token_for(self.site.seal, session.account_id)

    def _whose_password(self, email: str, password: str) -> Account:
        with self._work() as db:
            account = accounts.account_of(db, email)
            kept = passwords.kept(db, account.id) if account else passwords.kept(db, 0)
        right = passwords.matches(kept, password)
        if account is None or not right or not account.active:
            raise Unauthenticated("login.wrong", "E-mail address or password is wrong; try again.")
        if kept is not None:
            self._renew(account.id, kept, password)
        return account

    def _renew(self, account_id: int, kept: str, password: str) -> None:
        """Keep the same password with the parameters of now, unless it was changed meanwhile."""
        digest = passwords.renewed(kept, password)
        if digest != kept:
            with self._work(write=True) as db:
                passwords.replace(db, account_id, kept, by=digest)

    def _first_step_done(self, account: Account, visitor: Visitor, way: str) -> LoginSession:
        with self._work() as db:
            wanted = factors.methods(db, account.id)
            keys = [passkeys.in_bytes(one.credential_id) for one in factors.passkeys_of(db, account.id)]
        if wanted:
            raise self._second_factor(account, wanted, keys)
        with self._work(write=True) as db:
            return self._begin(db, account, visitor, way, strong=False)

    def _second_factor(self, account: Account, wanted: list[str], keys: list[bytes]) -> Forbidden:
        challenge = challenges.make(challenges.SECOND_FACTOR, account.id)
        more: dict[str, Any] = {"challenge": challenges.signed(self.site.seal, challenge), "methods": wanted}
        if keys:
            more["passkey"] = passkeys.question(self.site, challenge.bytes, known=keys)
        return Forbidden("second_factor.required", "Prove with your second factor that it is you.", **more)

    def _proves(self, db: Work, account: Account, challenge: Challenge, method: str, proof: str | Answer) -> bool:
        if method == PASSKEY and isinstance(proof, Mapping):
            return factors.use_passkey(db, self.site, challenge, proof) == account.id
        if method == TOTP and isinstance(proof, str):
            return factors.use_app_code(db, self.site, account.id, proof)
        if method == RECOVERY and isinstance(proof, str):
            return factors.use_recovery_code(db, self.site, account.id, proof, actor=_self(account))
        return False

    def _choose(self, token: str, purpose: str, password: str, visitor: Visitor) -> LoginSession:
        account, link = self.whose(token, purpose)
        digest = passwords.digest_of(password, words=[*_words(account), link.city])
        with self._work(write=True) as db:
            links.use(db, link.id)
            self._keep(db, account, digest, purpose)
            sessions.end_all(db, account.id, actor=_self(account))
        return self._first_step_done(account, visitor, purpose)

    def _keep(self, db: Work, account: Account, digest: str, way: str) -> None:
        passwords.keep(db, account.id, digest)
        links.close(db, account.id, INVITATION, PASSWORD)
        after = fingerprint(account.id, digest)
        tell(db, facts.PasswordChanged(actor=_self(account), kind=KIND, entry_id=account.id, after=after, note=way))

    def _begin(self, db: Work, account: Account, visitor: Visitor, way: str, *, strong: bool) -> LoginSession:
        session = sessions.begin(
            db,
            account.id,
            device=devices.name_of(visitor.user_agent),
            network=devices.network_of(visitor.address),
            strong=strong,
        )
        after = fingerprint(session)
        tell(db, facts.LoggedIn(actor=_self(account), kind=KIND, entry_id=account.id, after=after, note=way))
        return session

    def _counted(self, email: str, visitor: Visitor) -> Attempt:
        with self._work() as db:
            account = accounts.account_of(db, email)
        return self._counted_for(_typed(email), account.id if account else None, visitor)

    def _counted_for(self, whose: str, account_id: int | None, visitor: Visitor) -> Attempt:
        device = devices.known_to(self.site.seal, account_id, visitor.device)
        return self._count(Attempt(whose=whose, address=visitor.address, device=device))

    def _count(self, attempt: Attempt) -> Attempt:
        with self._work(write=True) as db:
            throttle.count(db, self.site.seal, attempt)
        return attempt

    def _take_back(self, attempt: Attempt) -> None:
        with self._work(write=True) as db:
            throttle.take_back(db, self.site.seal, attempt)

    def _carrier(self, account_id: int) -> int | None:
        """In whose outbox a letter waits: a city of the person, or any; the job says nothing but a number."""
        mine = accounts.cities_of(self._database, account_id)
        with self._work() as db:
            every = [tenant.id for tenant in tenants.directory(db)]
        return min(mine or every, default=None)

    def _work(self, *, write: bool = False) -> AbstractContextManager[Work]:
        return self._database.unit_of_work(NO_TENANT, write=write)


def _self(account: Account) -> Actor:
    """People change their own ways in; no role gives or takes that."""
    return Actor(accounts.PERSON, str(account.id))


def _typed(email: str) -> str:
    return email.strip().lower()


def _words(account: Account) -> list[str]:
    return [account.name, account.email]
