"""An authenticator in software: it signs as a phone or a security key does, with real keys."""

from __future__ import annotations

import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as encoded

ORIGIN = "http://127.0.0.1:8000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
NOBODY = bytes(16)  # the AAGUID of an authenticator that does not say what it is


class SoftwareAuthenticator:
    """Holds one passkey. `verifies` says whether it asks for finger, face or PIN, `counts` whether it counts uses."""

    def __init__(self, *, origin: str = ORIGIN, verifies: bool = True, counts: bool = True) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.count = 0
        self.counts = counts
        self.flags = PRESENT | (VERIFIED if verifies else 0)

    def create(self, options: dict) -> dict:
        """`navigator.credentials.create(options)`, with a self attestation in the format `packed`."""
        client = self._client_data("webauthn.create", options["challenge"])
        attested = NOBODY + len(self.credential_id).to_bytes(2) + self.credential_id + self._public_key()
        data = self._authenticator_data(options["rp"]["id"], self.flags | ATTESTED) + attested
        statement = {"alg": -7, "sig": self._sign(data + hashlib.sha256(client).digest())}
        attestation = cbor2.dumps({"fmt": "packed", "attStmt": statement, "authData": data})
        return self._credential(clientDataJSON=client, attestationObject=attestation)

    def get(self, options: dict) -> dict:
        """`navigator.credentials.get(options)`."""
        client = self._client_data("webauthn.get", options["challenge"])
        data = self._authenticator_data(options["rpId"], self.flags)
        signature = self._sign(data + hashlib.sha256(client).digest())
        return self._credential(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _authenticator_data(self, site: str, flags: int) -> bytes:
        self.count += self.counts
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _public_key(self) -> bytes:
        """COSE (RFC 9053): EC2, ES256, P-256."""
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})

    def _sign(self, data: bytes) -> bytes:
        return self.key.sign(data, ec.ECDSA(SHA256()))

    def _credential(self, **response: bytes) -> dict:
        name = encoded(self.credential_id)
        said = {key: encoded(value) for key, value in response.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": said, "clientExtensionResults": {}}
