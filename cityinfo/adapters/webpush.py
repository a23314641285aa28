"""Web Push (RFC 8030, 8291, 8292): an encrypted message to one browser, through the server it named."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import httpx
from py_vapid import Vapid, VapidException
from pywebpush import WebPusher, WebPushException

from cityinfo.features.news.ports import Notice, Recipient
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Gone, Invalid, Unavailable
from cityinfo.kernel.i18n import say

from .outside import Outside

PATIENCE = 10.0  # seconds
TOKEN_LASTS = 12 * 3600  # seconds; servers refuse more than a day


class BrowserSender:
    """Fulfils `features.news.ports.PushSender`.

    `key` is the private VAPID key, base64url or DER, `subject` how push services reach the operator.
    """

    def __init__(self, key: str, *, subject: str, transport: httpx.BaseTransport | None = None) -> None:
        try:
            self._vapid = Vapid.from_string(key)
        except (VapidException, ValueError) as error:
            raise Invalid(
                "webpush.key", say("The VAPID key cannot be used ({reason}).", reason=type(error).__name__)
            ) from None
        self._subject = subject
        self._client = httpx.Client(transport=transport or Outside(), timeout=PATIENCE, trust_env=False)

    def send(self, notice: Notice, to: Recipient | None) -> None:
        """Tell one browser."""
        if to is None:
            raise Invalid("webpush.recipient", "Web Push is told of single browsers, never of topics.")
        body = _encrypted(notice, to)
        headers = {**self._signed(to), **_ABOUT, "TTL": str(notice.seconds), "Topic": notice.mark}
        try:
            answer = self._client.post(to.endpoint, content=body, headers=headers)
        except httpx.InvalidURL:
            raise Invalid("webpush.endpoint", "The browser's endpoint is no web address.") from None
        except httpx.HTTPError as error:
            raise Unavailable(
                "webpush.failed", say("The push server cannot be reached ({reason}).", reason=type(error).__name__)
            ) from None
        _check(answer.status_code)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _signed(self, to: Recipient) -> dict[str, str]:
        parts = urlsplit(to.endpoint)
        claims = {
            "sub": self._subject,
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(clock.now().timestamp()) + TOKEN_LASTS,
        }
        return dict(self._vapid.sign(claims))


_ABOUT = {"Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream", "Urgency": "normal"}


def _encrypted(notice: Notice, to: Recipient) -> bytes:
    payload = {
        "title": notice.title,
        "body": notice.body,
        "city_code": notice.city,
        "language_code": notice.language,
        "news_id": str(notice.number),
        "path": notice.path,
        "tag": notice.mark,
    }
    keys = {"p256dh": to.p256dh, "auth": to.auth}
    try:
        pusher = WebPusher({"endpoint": to.endpoint, "keys": keys})
        return bytes(pusher.encode(json.dumps(payload, ensure_ascii=False).encode())["body"])
    except (WebPushException, ValueError) as error:
        raise Invalid(
            "webpush.keys", say("The browser's keys cannot be used ({reason}).", reason=type(error).__name__)
        ) from None


def _check(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in (404, 410):
        raise Gone("webpush.gone", "The browser no longer wants to be told.")
    raise Unavailable(
        "webpush.status", say("The push server answers with status {status}; tried again later.", status=status)
    )
