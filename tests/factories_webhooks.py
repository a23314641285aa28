"""Webhooks, as an operator would add them, and a receiver that checks everything for itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import partial

from werkzeug import Request, Response

from cityinfo import registry
from cityinfo.adapters.outside import Outside, networks_of, permitting
from cityinfo.adapters.webhooks import WebhookServer
from cityinfo.features import webhooks
from cityinfo.features.logins import Seal
from cityinfo.features.webhooks import WebhookDraft
from cityinfo.kernel import jobs
from tests.factories import EDITOR, City

SAFE = Seal("only-in-tests", hidden="webhooks")
KINDS = [one.kind for one in registry.CONTENT_TYPES]
HERE = WebhookServer(Outside(permit=permitting(networks_of("127.0.0.0/8"))))


class Receiver:
    """A server elsewhere. What it answers can be set; what it was sent can be looked at."""

    def __init__(self, httpserver, path="/hook"):
        self.address = httpserver.url_for(path).replace("localhost", "127.0.0.1")
        self.status = 204
        self.requests: list[Request] = []
        httpserver.expect_request(path, method="POST").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        request.get_data()
        self.requests.append(request)
        return Response("words of the receiver", status=self.status)

    @property
    def messages(self):
        return [json.loads(request.get_data()) for request in self.requests]

    @property
    def items(self):
        return [item for message in self.messages for item in message["data"]["items"]]

    @property
    def ranges(self):
        return [(message["data"]["since"], message["data"]["until"]) for message in self.messages]


def signed_by(request: Request, secret: str) -> bool:
    """Verified as https://www.standardwebhooks.com/ says, with nothing of ours."""
    said = b".".join(
        [request.headers["webhook-id"].encode(), request.headers["webhook-timestamp"].encode(), request.get_data()]
    )
    key = base64.b64decode(secret.split("_", 1)[1])
    wanted = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(one, wanted) for one in request.headers["webhook-signature"].split(" "))


def subscribe(city: City, address: str, **filters: object) -> tuple[int, str]:
    """A new webhook and its secret."""
    with city.write() as db:
        draft = WebhookDraft(address=address, **filters)
        webhook, secret = webhooks.create(db, draft, known_kinds=KINDS, safe=SAFE, actor=EDITOR)
        return webhook.id, secret


def replay(city: City, webhook_id: int, *, since: int = 0) -> None:
    with city.write() as db:
        webhooks.replay(db, webhook_id, since=since, actor=EDITOR)


def webhook(city: City, webhook_id: int):
    with city.read() as db:
        return webhooks.find(db, webhook_id)


def deliveries(city: City, webhook_id: int):
    with city.read() as db:
        return webhooks.deliveries(db, webhook_id)


def work(city: City, *, sender: object = HERE, safe: object = SAFE) -> None:
    """What a worker does once: every promised job that is due."""
    known = {**registry.JOBS, webhooks.DELIVER: partial(webhooks.deliver, sender=sender, safe=safe)}
    for tenant_id, job_id in jobs.sweep(city.database):
        jobs.run_job(city.database, known, tenant_id, job_id)
