"""Passkeys (WebAuthn level 3): what a browser is asked, and whether its answer proves who sits before it.

The library is imported where it is used: it takes 6 MB, and most processes only ever read.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    import webauthn
    from webauthn.helpers import structs

    return _plain(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=account_id.to_bytes(8),
            user_name=email,
            user_display_name=name or email,
            challenge=challenge,
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
        )
    )


def read_registration(site: Site, challenge: bytes, answer: Answer) -> NewKey:
    """The new key; `Invalid` when the browser's answer does not fit what it was asked."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

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
    import webauthn
    from webauthn.helpers import structs

    return _plain(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
    )


def credential_of(answer: Answer) -> str:
    """Which key a browser answered with, base64url, before anything is proven."""
    return str(answer.get("id", ""))


def in_text(credential_id: bytes) -> str:
    """A key's identity as browsers write it."""
    return base64.urlsafe_b64encode(credential_id).rstrip(b"=").decode()


def in_bytes(credential_id: str) -> bytes:
    """A key's identity as it was made."""
    return base64.urlsafe_b64decode(credential_id + "=" * (-len(credential_id) % 4))


def read_answer(site: Site, challenge: bytes, answer: Answer, *, public_key: bytes, sign_count: int) -> int:
    """The key's new count of signatures; `Invalid` when the answer proves nothing.

    A count that does not grow is refused: then there are two copies of a key that said it cannot be copied.
    """
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

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
    from webauthn.helpers import options_to_json

    plain: Options = json.loads(options_to_json(options))
    return plain


def _refused() -> Invalid:
    return Invalid("passkey.refused", "This passkey could not be checked; start again, or choose another way.")
