"""Programs prove who they are with a header, browsers with cookies and a CSRF value; neither works for the other."""

from __future__ import annotations

import jwt
import pytest
from flask_jwt_extended import get_csrf_token

from cityinfo.features import logins
from cityinfo.kernel.db import NO_TENANT
from cityinfo.web import identity
from tests.factories_people import member
from tests.stand_ins import with_stand_ins

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
API, CMS = "/api/stand-in/teststadt/page:write", "/cms/stand-in/teststadt/page:write"


@pytest.fixture
def client(client):
    for face in ("api", "cms"):
        with_stand_ins(client.application, ["page:write"], face=face)
    return client


@pytest.fixture
def token(client, city, database):
    account_id = member(city, "author")
    with database.unit_of_work(NO_TENANT, write=True) as db:
        session = logins.sessions.begin(db, account_id)
    with client.application.test_request_context():
        return identity.tokens_for(session)["access_token"]


def test_a_header_opens_the_api_and_not_the_cms(client, token):
    headers = {"Authorization": f"Bearer {token}"}
    assert client.post(API, headers=headers).status_code == 200
    assert client.get(CMS, headers=headers).status_code == 401


def test_a_cookie_opens_the_cms_and_not_the_api(client, token):
    client.set_cookie("access_token_cookie", token)
    assert client.get(CMS).status_code == 200
    assert client.get(API).status_code == 401


def test_a_cookie_alone_changes_nothing(client, token):
    """Another site can make a browser send cookies; it cannot read the value that has to come beside them."""
    client.set_cookie("access_token_cookie", token)
    assert client.post(CMS).status_code == 401
    assert client.post(CMS, headers={"X-CSRF-TOKEN": "guessed"}).status_code == 401
    with client.application.app_context():
        value = get_csrf_token(token)
    assert client.post(CMS, headers={"X-CSRF-TOKEN": value}).status_code == 200


def test_a_token_signed_with_another_purposes_key_is_none(client, token, settings):
    claims = jwt.decode(token, options={"verify_signature": False})
    for key in (settings.signing_key, settings.key_for("something else")):
        forged = jwt.encode(claims, key, algorithm="HS256")
        assert client.get(API, headers={"Authorization": f"Bearer {forged}"}).status_code == 401
    forged = jwt.encode(claims, None, algorithm="none")
    assert client.get(API, headers={"Authorization": f"Bearer {forged}"}).status_code == 401
