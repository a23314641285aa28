"""What is signed, sealed or digested with the service's key, so that no table holds a secret that opens anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadData, URLSafeSerializer

from cityinfo.kernel import clock
from cityinfo.kernel.errors import Invalid


@dataclass(frozen=True)
class Seal:
    """The key of the service. Every purpose has a key of its own, so that nothing made for one is good for another.

    `hidden` is the purpose of the secrets it hides; with it, it fulfils `features.webhooks.ports.Safe` too.
    """

    key: str
    hidden: str = "hidden"

    def sign(self, purpose: str, value: Any, *, lasts: timedelta | None = None) -> str:
        """The value as a text that can be read by everyone and made by nobody else; the same each time."""
        until = int((clock.now() + lasts).timestamp()) if lasts is not None else 0
        return str(self._signer(purpose).dumps([until, value]))

    def read(self, purpose: str, text: str) -> Any:
        """What was signed for this purpose; `Invalid` when it was not, or is too old."""
        try:
            until, value = self._signer(purpose).loads(text)
        except (BadData, ValueError, TypeError):
            raise _unreadable(purpose) from None
        if until and until < clock.now().timestamp():
            raise _unreadable(purpose)
        return value

    def digest(self, purpose: str, text: str) -> str:
        """The same for the same text, and without the key not to be guessed back."""
        return hmac.new(self._derived(purpose), text.encode(), hashlib.sha256).hexdigest()

    def hide(self, secret: str) -> str:
        """A secret that must be read again, as it may be kept in a table."""
        return self._cipher.encrypt(secret.encode()).decode()

    def reveal(self, hidden: str) -> str:
        """The secret; `Invalid` when it was hidden with another key of the service."""
        try:
            return self._cipher.decrypt(hidden.encode()).decode()
        except InvalidToken:
            raise Invalid(
                "secret.key", "The key of the service has changed, so this can no longer be read; set it up again."
            ) from None

    @cached_property
    def _cipher(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._derived(self.hidden)))

    def _derived(self, purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"cityinfo {purpose}".encode()).derive(
            self.key.encode()
        )

    def _signer(self, purpose: str) -> URLSafeSerializer:
        options = {"key_derivation": "none", "digest_method": hashlib.sha256}
        return URLSafeSerializer(self._derived(purpose), signer_kwargs=options)


@dataclass(frozen=True)
class Site:
    """The service as people and their devices know it: its address, and the seal on what it hands out."""

    public_url: str
    seal: Seal
    name: str = "cityinfo"

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers write them."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """To which passkeys belong (relying party ID in WebAuthn)."""
        return urlsplit(self.public_url).hostname or ""


def _unreadable(purpose: str) -> Invalid:
    return Invalid(f"{purpose}.unreadable", "This is too old or was not made here; start again.")
