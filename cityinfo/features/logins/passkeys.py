"""Passkeys (WebAuthn level 3): what a browser is asked, and whether its answer proves who sits before it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cityinfo.kernel.errors import Invalid

from .seals import Site

Options = dict[str, Any]  # as `navigator.credentials` takes them
Answer = Mapping[str, Any]  # `PublicKeyCredential.toJSON()`


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """What is kept of a passkey: nothing secret."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def registration(
    site: Site, challenge: bytes, *, account_id: int, email: str, name: str, known: Sequence[bytes]
) -> Options:
    """What `navigator.credentials.create` is asked: a key that finds its account by itself and checks the person."""
    return _plain(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=account_id.to_bytes(8),
            user_name=email,
            user_display_name=name or email,
            challenge=challenge,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
    )


def read_registration(site: Site, challenge: bytes, answer: Answer) -> NewKey:
    """The new key; `Invalid` when the browser's answer does not fit what it was asked."""
    try:
        found = webauthn.verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise _refused() from None
    return NewKey(
        credential_id=found.credential_id, public_key=found.credential_public_key, sign_count=found.sign_count
    )


def question(site: Site, challenge: bytes, *, known: Sequence[bytes] = ()) -> Options:
    """What `navigator.credentials.get` is asked: one of these keys, or any that belongs to this site."""
    return _plain(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def credential_of(answer: Answer) -> str:
    """Which key a browser answered with, base64url, before anything is proven."""
    return str(answer.get("id", ""))


def in_text(credential_id: bytes) -> str:
    """A key's identity as browsers write it."""
    return str(bytes_to_base64url(credential_id))


def in_bytes(credential_id: str) -> bytes:
    """A key's identity as it was made."""
    return bytes(base64url_to_bytes(credential_id))


def read_answer(site: Site, challenge: bytes, answer: Answer, *, public_key: bytes, sign_count: int) -> int:
    """The key's new count of signatures; `Invalid` when the answer proves nothing.

    A count that does not grow is refused: then there are two copies of a key that said it cannot be copied.
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise _refused() from None
    return found.new_sign_count


def _plain(options: Any) -> Options:
    plain: Options = json.loads(options_to_json(options))
    return plain


def _refused() -> Invalid:
    return Invalid("passkey.refused", "This passkey could not be checked; start again, or choose another way.")
