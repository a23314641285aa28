"""Hiding secrets that must be read again, with a key made of the service's own."""

from __future__ import annotations

import base64
from functools import cached_property

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cityinfo.kernel.errors import Invalid


class KeySafe:
    """Fulfils `features.webhooks.ports.Safe`. Each `purpose` has a key of its own."""

    def __init__(self, key: str, *, purpose: str) -> None:
        self._key, self._purpose = key, purpose

    def hide(self, secret: str) -> str:
        """Encrypted, differently each time."""
        return self._cipher.encrypt(secret.encode()).decode()

    def reveal(self, hidden: str) -> str:
        """The secret; `Invalid` when it was hidden with another key."""
        try:
            return self._cipher.decrypt(hidden.encode()).decode()
        except InvalidToken:
            raise Invalid("safe.key", "The service has another key than before; give it a new secret.") from None

    @cached_property
    def _cipher(self) -> Fernet:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"cityinfo {self._purpose}".encode())
        return Fernet(base64.urlsafe_b64encode(derived.derive(self._key.encode())))
