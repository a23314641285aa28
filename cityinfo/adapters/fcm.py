"""Firebase Cloud Messaging, HTTP v1: one message to the topic that apps follow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
from google.auth import exceptions, transport
from google.oauth2 import service_account

from cityinfo.features.news.ports import Notice, Recipient
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.i18n import say

ADDRESS = "https://fcm.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
PATIENCE = 15.0  # seconds
ONE_DAY = 24 * 3600


class FirebaseSender:
    """Fulfils `features.news.ports.PushSender`."""

    def __init__(self, credentials: Path, *, address: str = ADDRESS, client: httpx.Client | None = None) -> None:
        try:
            account = json.loads(credentials.read_text("utf-8"))
            self._project = account["project_id"]
            self._credentials = service_account.Credentials.from_service_account_info(account, scopes=[SCOPE])  # type: ignore[no-untyped-call]
        except (OSError, ValueError, KeyError, exceptions.GoogleAuthError) as error:
            raise Invalid(
                "fcm.credentials",
                say(
                    "{credentials} is no key file of a service account ({reason}); download it anew.",
                    credentials=credentials,
                    reason=type(error).__name__,
                ),
            ) from None
        self._address = address
        self._client = client or httpx.Client(timeout=PATIENCE)

    def send(self, notice: Notice, to: Recipient | None) -> None:
        """To everyone who follows the city in the language. A single browser is reached by Web Push alone."""
        if to is not None:
            raise Invalid("fcm.recipient", "Firebase is told of topics, never of single browsers.")
        try:
            answer = self._client.post(
                f"{self._address}/v1/projects/{self._project}/messages:send",
                json={"message": _message(notice)},
                headers={"Authorization": f"Bearer {self._token()}"},
            )
        except httpx.HTTPError as error:
            raise Unavailable(
                "fcm.failed", say("Firebase cannot be reached ({reason}).", reason=type(error).__name__)
            ) from None
        _check(answer)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _token(self) -> str:
        try:
            if not self._credentials.valid:
                self._credentials.refresh(_Exchange(self._client))
        except exceptions.TransportError:
            raise Unavailable("fcm.token", "The server that hands out Firebase tokens cannot be reached.") from None
        except exceptions.GoogleAuthError:
            raise Invalid("fcm.refused", "Firebase does not accept this service account; check its key file.") from None
        return str(self._credentials.token)


def _message(notice: Notice) -> dict[str, Any]:
    """A tag makes a phone replace what it shows already of the same message."""
    lasts = min(ONE_DAY, notice.seconds)
    return {
        "topic": f"{notice.city}-{notice.language}-news",
        "notification": {"title": notice.title, "body": notice.body},
        "data": {
            "city_code": notice.city,
            "language_code": notice.language,
            "news_id": str(notice.number),
        },
        "android": {"ttl": f"{lasts}s", "notification": {"tag": notice.mark}},
        "apns": {"headers": {"apns-collapse-id": notice.mark, "apns-expiration": str(_now() + lasts)}},
    }


def _now() -> int:
    return int(clock.now().timestamp())


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    if answer.status_code in (401, 408, 429) or answer.status_code >= 500:
        raise Unavailable(
            "fcm.status",
            say("Firebase answers with status {status_code}; tried again later.", status_code=answer.status_code),
        )
    raise Invalid(
        "fcm.refused", say("Firebase refuses the message with status {status_code}.", status_code=answer.status_code)
    )


class _Exchange(transport.Request):
    """Asks for a token with the same client as everything else."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def __call__(  # type: ignore[override]
        self, url: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any
    ) -> transport.Response:
        try:
            return _Answer(self._client.request(method, url, content=body, headers=headers))
        except httpx.HTTPError as error:
            raise exceptions.TransportError(error) from error  # type: ignore[no-untyped-call]


class _Answer(transport.Response):
    """What google-auth wants to know of an answer."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer

    @property
    def status(self) -> int:
        return self._answer.status_code

    @property
    def headers(self) -> Any:
        return self._answer.headers

    @property
    def data(self) -> bytes:
        return self._answer.content
