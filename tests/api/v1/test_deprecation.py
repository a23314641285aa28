"""An operation that goes says so in its description and in whatever it answers, however the answer came about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import pytest
from marshmallow import fields

from cityinfo.api import v1
from cityinfo.api.v1.deprecation import Deprecation
from cityinfo.api.v1.operations import Body, Query, answer, operation, section
from cityinfo.app import create_app
from cityinfo.kernel.errors import NotFound
from cityinfo.web.bodies import serve

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
OLD, STAYING = "/api/v1/tenants/teststadt/old", "/api/v1/tenants/teststadt/staying"
GOES = Deprecation(date(2026, 11, 1), date(2027, 11, 1), successor="/api/v1/tenants/{t}/staying")


class Wanted(Query):
    number = fields.Integer(load_default=0)


class Said(Body):
    word = fields.String()


@pytest.fixture
def client(settings, database, city, monkeypatch):
    """The application with two more operations, one of which goes."""
    blueprint = section("Test", "Operations of this test.")

    @operation(blueprint, "/tenants/<tenant>/old", answer=Said, query=Wanted, deprecated=GOES)
    def read_old(query, tenant):
        """Read the old way.

        In other words.
        """
        if query["number"] == 13:
            raise NotFound("test.thirteen", "There is none.")
        return serve("old", tenant=tenant, params=Wanted.canonical(query), build=lambda _: answer({"word": "old"}))

    @operation(blueprint, "/tenants/<tenant>/staying", answer=Said)
    def read_staying(tenant):
        """Read the way that stays."""
        return serve("staying", tenant=tenant, build=lambda _: answer({"word": "new"}))

    monkeypatch.setattr(v1, "SECTIONS", (*v1.SECTIONS, blueprint))
    return create_app(settings, database=database).test_client()


@pytest.mark.parametrize("address", [OLD, f"{OLD}?number=13", f"{OLD}?number=many"], ids=["found", "gone", "misused"])
def test_every_answer_says_since_when_until_when_and_where_to_go_on(client, address):
    for _ in range(2):  # the second time it is at hand, before any view
        said = client.get(address).headers
        assert said.getlist("Deprecation") == [f"@{int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())}"]
        assert parsedate_to_datetime(said["Sunset"]) == datetime(2027, 11, 1, tzinfo=UTC)
        assert said.getlist("Link") == ['</api/v1/tenants/{t}/staying>; rel="successor-version"']


def test_an_answer_that_did_not_change_is_still_found_to_go(client):
    etag = client.get(OLD).headers["ETag"]
    for _ in range(2):
        same = client.get(OLD, headers={"If-None-Match": etag})
        assert (same.status_code, "Deprecation" in same.headers) == (304, True)


def test_an_operation_that_stays_says_nothing(client):
    client.get(OLD)
    for _ in range(2):
        assert not {"Deprecation", "Sunset", "Link"} & set(client.get(STAYING).headers.keys())


def test_the_description_marks_it(client):
    paths = client.application.extensions["openapi"]()["paths"]
    old, staying = (paths[f"/api/v1/tenants/{{tenant}}/{name}"]["get"] for name in ("old", "staying"))
    assert (old["deprecated"], old["summary"]) == (True, "Read the old way.")
    assert old["description"].startswith("In other words.")
    assert "ends on 2027-11-01; use `/api/v1/tenants/{t}/staying`" in old["description"]
    assert "deprecated" not in staying


def test_nothing_ends_before_it_was_deprecated(settings):
    with pytest.raises(ValueError, match="ends after"):
        Deprecation(date(2026, 11, 1), date(2026, 11, 1), successor="/")
