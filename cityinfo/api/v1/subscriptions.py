"""Browsers that want to be told of news, by Web Push."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request
from marshmallow import EXCLUDE, Schema, fields, validate
from werkzeug.exceptions import RequestEntityTooLarge

from cityinfo.features import news, tenants
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.web.limits import address, limited
from cityinfo.web.visitors import client_address

from .operations import reception, section

blueprint = section("Push subscriptions", "Be told of news while nothing is open.")
MOST_BODY = 4_096  # bytes; no browser's subscription comes near
OFTEN_ENOUGH = "60/minute"  # before anything is read; how many one address may have is `news`'s own matter
RULE = "/tenants/<tenant>/<language>/push-subscriptions"


class KeysSchema(Schema):
    """What a browser made for us."""

    class Meta:
        unknown = EXCLUDE

    p256dh = fields.String(required=True, metadata={"pattern": "^[A-Za-z0-9_-]{87}=?$"})
    auth = fields.String(required=True, metadata={"pattern": "^[A-Za-z0-9_-]{22}(==)?$"})


class EndpointSchema(Schema):
    """Where a browser is reached."""

    class Meta:
        unknown = EXCLUDE

    endpoint = fields.String(
        required=True,
        validate=[validate.Length(max=1_000), validate.Regexp("^https://.")],
        metadata={"description": "Public, with https.", "example": "https://push.example/send/abc"},
    )


class SubscriptionSchema(EndpointSchema):
    """`PushSubscription.toJSON()` as the browser gives it."""

    keys = fields.Nested(KeysSchema, required=True)


def _refuse_large_bodies() -> None:
    """Before anything reads the body; without a length nothing would be read of it either."""
    request.max_content_length = MOST_BODY
    if (request.content_length or 0) > MOST_BODY:
        raise RequestEntityTooLarge


blueprint.before_request(_refuse_large_bodies)


@reception(blueprint, RULE, method="POST", body=SubscriptionSchema, answers=[400, 413])
@limited(OFTEN_ENOUGH, by=address)
def subscribe(body: dict[str, Any], tenant: str, language: str) -> Response:
    """Tell this browser of news.

    Sent again, it changes language and keys. At most thirty within ten minutes.
    """
    database, tenant_id = _city(tenant)
    with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
        keys = body["keys"]
        news.subscribe(db, endpoint=body["endpoint"], language=language.lower(), address=client_address(), **keys)
    return _done()


@reception(blueprint, RULE, method="DELETE", body=EndpointSchema, answers=[400, 413])
@limited(OFTEN_ENOUGH, by=address)
def unsubscribe(body: dict[str, Any], tenant: str, language: str) -> Response:  # noqa: ARG001 - part of the address
    """Tell this browser nothing any more, in no language."""
    database, tenant_id = _city(tenant)
    with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
        news.unsubscribe(db, endpoint=body["endpoint"])
    return _done()


def _city(slug: str) -> tuple[Database, int]:
    database: Database = current_app.extensions["database"]
    with database.unit_of_work(NO_TENANT) as db:
        return database, tenants.find(db, slug).id


def _done() -> Response:
    return Response(status=204, headers={"Cache-Control": "no-store"})
