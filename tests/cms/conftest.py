"""Editors before the screens, without a browser."""

from __future__ import annotations

from html import unescape

import pytest

from cityinfo.app import create_app
from tests.conftest import on_sqlite
from tests.factories_logins import cookies_of
from tests.factories_people import member, person


class Someone:
    """A person with a role, who has opened the CMS in German."""

    def __init__(self, app, city, role, *, name="", **reach):
        self.city, self.account_id = city, member(city, role, name or role.title(), **reach)
        self.client = logged_in(app, city.database, self.account_id)

    @property
    def name(self):
        return f"person:{self.account_id}"

    def get(self, path, **sent):
        return self.client.get(f"/cms/{self.city.slug}{path}", **sent)

    def post(self, path, fields=None, **sent):
        return posted(self.client, f"/cms/{self.city.slug}{path}", fields, **sent)


class Staff:
    """Someone who runs the platform, at its own screens."""

    def __init__(self, app, database, *, name="Sina", staff=True):
        self.account_id = person(database, name, staff=staff)
        self.client = logged_in(app, database, self.account_id)

    def get(self, path, **sent):
        return self.client.get(f"/cms/platform{path}", **sent)

    def post(self, path, fields=None, **sent):
        return posted(self.client, f"/cms/platform{path}", fields, **sent)


def logged_in(app, database, account_id):
    """A browser that someone has logged in with."""
    client = app.test_client()
    for cookie in cookies_of(app, database, account_id):
        client.set_cookie(cookie.key, cookie.value)
    return client


def posted(client, path, fields=None, **sent):
    """The answer to a form that was sent."""
    csrf = client.get_cookie("csrf_access_token").value
    headers = {"X-CSRF-TOKEN": csrf, **sent.pop("headers", {})}
    return client.post(path, data=fields, headers=headers, **sent)


def text_of(answer):
    """What the answer says, as people read it."""
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def settings(sqlite_template, sqlite_place, tmp_path):
    """SQLite alone: screens do not notice which database stands behind them."""
    return on_sqlite(sqlite_template, sqlite_place, tmp_path)


@pytest.fixture
def people(settings, city):
    """Makes someone with a role."""
    app = create_app(settings, database=city.database)
    return lambda role, **reach: Someone(app, city, role, **reach)
