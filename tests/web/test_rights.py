"""Every address of the application, asked by everyone: each expectation stands in the table below.

The addresses come from the application itself, so a new one without a row here fails.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import cache

import pytest
from flask import Flask
from flask_jwt_extended import get_csrf_token

from cityinfo.app import create_app
from cityinfo.features import accounts, logins, tokens
from cityinfo.features.accounts import FOR_TOKENS, ROLES, MembershipDraft
from cityinfo.features.tokens import TokenDraft
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import SYSTEM
from cityinfo.settings import Settings
from cityinfo.web import identity
from cityinfo.web.guard import PUBLIC, check_views, guarded
from tests.conftest import open_database
from tests.factories import City, make_city
from tests.factories_people import give, person
from tests.stand_ins import with_stand_ins

# Everyone may come without login. `*` stands for anything.
FOR_EVERYONE = (
    "GET  /api/v1/tenants*",
    "POST /api/v1/tenants/<tenant>/<language>/feedback",
    "POST /api/v1/tenants/<tenant>/<language>/push-subscriptions",
    "DELETE /api/v1/tenants/<tenant>/<language>/push-subscriptions",
    "GET  /api/v1/openapi.json",
    "GET  /api/v1/docs*",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/second-factor",
    "POST /api/v1/auth/passkey*",
    "POST /api/v1/auth/password/*",
    "POST /api/v1/auth/invitation/accept",
    "*    /api/v3/*",
    "*    /wp-json/*",
    "*    /<tenant>/<language>/wp-json/*",
    "GET  *sitemap.xml",
    "GET  /healthz",
    "GET  /readyz",
    "GET  /metrics",
    "GET  /media/*",
    "GET  /cms/preview/<token>",
    "GET  /cms/<path:lost>",
    "GET  /cms/static/*",
    "GET  /cms/locale/<locale>",
    "*    /cms/login",
    "POST /cms/login/passkey*",
    "POST /cms/login/second-factor",
    "*    /cms/password/*",
    "*    /cms/invitation/<token>",
)
# Who may come with one: x, or - for 403. Elsewhere than in one's own city all of it is 404, without login 401.
# Columns: O observer  C contributor  V event manager  A author  T translator  E editor  M manager
#          S the platform's staff, once they have entered the city  K a token with everything tokens can have
# The first row that fits counts. Addresses that name no city mean the same in all of them.
FOR_MEMBERS = (
    # address                                             O C V A T E M S K
    ("POST /api/v1/auth/logout",                         "x x x x x x x x -"),
    ("GET  /api/v1/auth/me",                             "x x x x x x x x -"),
    ("*    /api/v1/auth/me/*",                           "x x x x x x x x -"),
    ("POST /api/v1/manage/<tenant>/invitations",         "- - - - - - x x -"),
    ("GET  /api/v1/manage/<tenant>/second-factor",       "x x x x x x x x x"),
    ("PUT  /api/v1/manage/<tenant>/second-factor",       "- - - - - - x x -"),
    ("*    /api/v1/auth/acting",                         "- - - - - - - x -"),
    # Addresses for every kind let in whoever may do it to some kind; to which one is asked inside.
    ("*    /api/v1/manage/<tenant>/<kind>/*/comments*",      "x x x x x x x x x"),
    ("POST /api/v1/manage/<tenant>/<kind>/*/archive",        "- - x - - x x x -"),
    ("POST /api/v1/manage/<tenant>/<kind>/<int:entry_id>/restore","- - x - - x x x -"),
    ("GET  /api/v1/manage/<tenant>/<kind>/*",                "x x x x x x x x x"),
    ("*    /api/v1/manage/<tenant>/<kind>/*",                "- - x x x x x x x"),
    ("POST /api/v1/manage/<tenant>/bulk",                    "- - x x x x x x x"),
    # A contributor reads what belongs to the own organization; what is asked for here belongs to none.
    ("GET  /api/v1/manage/<tenant>/pages/<int:entry_id>",         "x - - x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/events/<int:entry_id>",        "x - x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/offers/<int:entry_id>",        "x - x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/locations/<int:entry_id>",     "x - x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/contacts/<int:entry_id>",      "x - x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/organizations/<int:entry_id>", "x - x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/media/<int:entry_id>",         "x - x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/pages*",                  "x x - x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/imprint*",                "x - - x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/news*",                   "x - - x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/feeds*",                  "x - - x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/events*",                 "x x x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/offers*",                 "x x x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/locations*",              "x x x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/contacts*",               "x x x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/organizations*",          "x x x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/media*",                  "x x x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/categories*",             "x x x x x x x x x"),
    ("DELETE /api/v1/manage/<tenant>/calendars/*",           "- - x - - x x x -"),
    ("DELETE /api/v1/manage/<tenant>/synonyms/*",            "- - - - - x x x -"),
    ("DELETE /api/v1/manage/<tenant>/*",                     "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/pages*",                  "- - - x - x x x x"),
    ("*    /api/v1/manage/<tenant>/imprint*",                "- - - - - x x x x"),
    ("POST /api/v1/manage/<tenant>/news",                    "- - - x - x x x x"),
    ("PATCH /api/v1/manage/<tenant>/news/*",                 "- - - x - x x x x"),
    ("POST /api/v1/manage/<tenant>/news/*/copy",             "- - - x - x x x x"),
    ("POST /api/v1/manage/<tenant>/news/*/request-approval", "- - - x - x x x x"),
    ("POST /api/v1/manage/<tenant>/news/*",                  "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/feeds*",                  "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/events*",                 "- - x x - x x x x"),
    ("*    /api/v1/manage/<tenant>/offers*",                 "- - x x - x x x x"),
    ("*    /api/v1/manage/<tenant>/locations*",              "- - x x - x x x x"),
    ("*    /api/v1/manage/<tenant>/media*",                  "- - x x - x x x x"),
    ("*    /api/v1/manage/<tenant>/contacts*",               "- - - x - x x x x"),
    ("*    /api/v1/manage/<tenant>/organizations*",          "- - - x - x x x x"),
    ("*    /api/v1/manage/<tenant>/categories*",             "- - - - - - x x -"),
    ("GET  /api/v1/manage/<tenant>/calendars/*/preview",     "- - x - - x x x -"),
    ("GET  /api/v1/manage/<tenant>/calendars*",              "x - x x x x x x x"),
    ("*    /api/v1/manage/<tenant>/calendars*",              "- - x - - x x x -"),
    ("GET  /api/v1/manage/<tenant>/feedback*",               "x - - - - x x x x"),
    ("*    /api/v1/manage/<tenant>/feedback*",               "- - - - - x x x -"),
    ("GET  /api/v1/manage/<tenant>/proposals",               "- - - - - x x x -"),
    ("GET  /api/v1/manage/<tenant>/proposals/mine",          "- x - - - - - x -"),
    ("GET  /api/v1/manage/<tenant>/proposals/*",             "- x - - - x x x -"),
    ("POST /api/v1/manage/<tenant>/proposals",               "- x - - - - - x -"),
    ("POST /api/v1/manage/<tenant>/proposals/*/withdraw",    "- x - - - - - x -"),
    ("POST /api/v1/manage/<tenant>/proposals/*",             "- - - - - x x x -"),
    ("GET  /api/v1/manage/<tenant>/settings",                "x x x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/languages",               "x x x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/external-offers",         "x x x x x x x x x"),
    ("GET  /api/v1/manage/<tenant>/quality-gates",           "x x x x x x x x x"),
    ("*    /api/v1/manage/<tenant>/quality-gates",           "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/settings",                "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/languages",               "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/external-offers",         "- - - - - - x x -"),
    ("GET  /api/v1/manage/<tenant>/audit",                   "- - - - - - x x x"),
    ("GET  /api/v1/manage/<tenant>/jobs*",                   "- - - - - - x x x"),
    ("POST /api/v1/manage/<tenant>/jobs/*",                  "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/people*",                 "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/tokens*",                 "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/webhooks*",               "- - - - - - x x -"),
    ("*    /api/v1/manage/<tenant>/synonyms*",               "- - - - - x x x -"),
    ("GET  /api/v1/manage/<tenant>/search-misses",           "- - - - - x x x -"),
    ("GET  /cms/",                                       "x x x x x x x x -"),
    ("POST /cms/logout",                                 "x x x x x x x x -"),
    ("*    /cms/profile*",                               "x x x x x x x x -"),
    ("POST /cms/enter",                                  "- - - - - - - x -"),
    ("POST /cms/leave",                                  "- - - - - - - x -"),
    ("POST /cms/announcements/*",                       "x x x x x x x x -"),
    ("GET  /cms/closed/*",                               "x x x x x x x x -"),
    ("*    /cms/platform/*",                             "- - - - - - - x -"),
    ("GET  /cms/<tenant>/",                              "x x x x x x x x -"),
    ("GET  /cms/<tenant>/waiting/<reason>",              "x x x x x x x x -"),
    ("GET  /cms/<tenant>/keys",                          "x x x x x x x x -"),
    ("GET  /cms/<tenant>/feedback",                          "x - - - - x x x -"),
    ("POST /cms/<tenant>/feedback/*",                        "- - - - - x x x -"),
    ("GET  /cms/<tenant>/proposals",                         "- - - - - x x x -"),
    ("GET  /cms/<tenant>/proposals/mine",                    "- x - - - - - x -"),
    ("GET  /cms/<tenant>/proposals/*",                       "- x - - - x x x -"),
    ("POST /cms/<tenant>/proposals/*/withdraw",              "- x - - - - - x -"),
    ("POST /cms/<tenant>/proposals/*",                       "- - - - - x x x -"),
    ("*    /cms/<tenant>/updates*",                          "- - - x x x x x -"),
    ("GET  /cms/<tenant>/commons/offered/<int:entry_id>",    "- - - - x x x x -"),
    ("POST /cms/<tenant>/commons/offered/*",                 "- - - - x x x x -"),
    ("*    /cms/<tenant>/commons/corrections/*",             "- - - x - x x x -"),
    ("POST /cms/<tenant>/commons/taken/*/end",               "- - - x - x x x -"),
    ("POST /cms/<tenant>/commons/taken/*",                   "- - - - x x x x -"),
    ("POST /cms/<tenant>/commons/*",                         "- - - x - x x x -"),
    ("GET  /cms/<tenant>/commons*",                          "- - - x x x x x -"),
    ("*    /cms/<tenant>/records*",                          "- x - - - - - x -"),
    ("*    /cms/<tenant>/people*",                           "- - - - - - x x -"),
    ("GET  /cms/<tenant>/jobs",                              "- - - - - - x x -"),
    ("POST /cms/<tenant>/jobs/*",                            "- - - - - - x x -"),
    ("GET  /cms/<tenant>/pages/new",                         "- - - x - x x x -"),
    ("POST /cms/<tenant>/pages/new",                         "- - - x - x x x -"),
    ("POST /cms/<tenant>/pages/bulk",                        "- - - x x x x x -"),
    ("POST /cms/<tenant>/pages/<int:page_id>/move",          "- - - x - x x x -"),
    ("POST /cms/<tenant>/pages/<int:page_id>/archive",       "- - - - - x x x -"),
    ("POST /cms/<tenant>/pages/<int:page_id>/restore",       "- - - - - x x x -"),
    # The desk of all texts: whoever may do this with a text of any kind passes the door. Which kind it is, is asked
    # behind it (tests/cms/writing/test_kinds.py); what is asked for here is nowhere.
    ("*    /cms/<tenant>/texts/*/comments*",                 "x x x x x x x x -"),
    ("*    /cms/<tenant>/texts/*/offline",                   "- - x - x x x x -"),
    ("POST /cms/<tenant>/texts/*/return",                    "- - x - x x x x -"),
    ("POST /cms/<tenant>/texts/*/offers",                    "- - - x - x x x -"),
    ("POST /cms/<tenant>/texts/*/schedule",                  "- - x - x x x x -"),
    ("*    /cms/<tenant>/texts/*/merge",                     "- - x x x x x x -"),
    ("GET  /cms/<tenant>/texts/*",                           "x x x x x x x x -"),
    ("POST /cms/<tenant>/texts/*",                           "- - x x x x x x -"),
    ("GET  /cms/<tenant>/pages*",                            "x - - x x x x x -"),
    ("GET  /cms/<tenant>/translations/<language>/<int:entry_id>", "x x x x x x x x -"),
    ("POST /cms/<tenant>/translations/*",                    "- - x x x x x x -"),
    ("GET  /cms/<tenant>/translations*",                     "x - x x x x x x -"),
    ("GET  /cms/<tenant>/cards/*",                           "- - x x x x x x -"),
    ("GET  /cms/<tenant>/files/*",                           "- - x x x x x x -"),
    ("POST /cms/<tenant>/pictures",                          "- - x x - x x x -"),
    ("GET  /cms/<tenant>/targets/*",                         "- - x x x x x x -"),
    ("GET  /cms/<tenant>/events/calendars/new",              "- - x - - x x x -"),
    ("GET  /cms/<tenant>/events/calendars/*/change",         "- - x - - x x x -"),
    ("GET  /cms/<tenant>/events/calendars*",                 "x - x x x x x x -"),
    ("*    /cms/<tenant>/events/calendars*",                 "- - x - - x x x -"),
    ("POST /cms/<tenant>/events/dates",                      "x x x x x x x x -"),
    ("GET  /cms/<tenant>/events",                            "x x x x x x x x -"),
    ("*    /cms/<tenant>/events/new",                        "- - x x - x x x -"),
    ("POST /cms/<tenant>/events/<int:entry_id>",             "- - x x - x x x -"),
    ("POST /cms/<tenant>/events/<int:entry_id>/copy",        "- - x x - x x x -"),
    ("POST /cms/<tenant>/events/<int:entry_id>/archive",     "- - x - - x x x -"),
    ("GET  /cms/<tenant>/events*",                           "x - x x x x x x -"),
    ("POST /cms/<tenant>/news/preview",                      "x - - x x x x x -"),
    ("POST /cms/<tenant>/news/feeds*",                       "- - - - - - x x -"),
    ("*    /cms/<tenant>/news/new",                          "- - - x - x x x -"),
    ("POST /cms/<tenant>/news/<int:entry_id>",               "- - - x - x x x -"),
    ("POST /cms/<tenant>/news/<int:entry_id>/copy",          "- - - x - x x x -"),
    ("POST /cms/<tenant>/news/<int:entry_id>/archive",       "- - - - - x x x -"),
    ("POST /cms/<tenant>/news/*",                            "- - - - - - x x -"),
    ("GET  /cms/<tenant>/news*",                             "x - - x x x x x -"),
    ("*    /cms/<tenant>/offers/external",                   "- - - - - - x x -"),
    ("GET  /cms/<tenant>/offers",                            "x x x x x x x x -"),
    ("*    /cms/<tenant>/offers/new",                        "- - x x - x x x -"),
    ("POST /cms/<tenant>/offers/<int:entry_id>",             "- - x x - x x x -"),
    ("POST /cms/<tenant>/offers/*/archive",                  "- - x - - x x x -"),
    ("GET  /cms/<tenant>/offers*",                           "x - x x x x x x -"),
    ("GET  /cms/<tenant>/organizations",                     "x x x x x x x x -"),
    ("*    /cms/<tenant>/organizations/new",                 "- - - x - x x x -"),
    ("POST /cms/<tenant>/organizations/<int:entry_id>",      "- - - x - x x x -"),
    ("POST /cms/<tenant>/organizations/*/archive",           "- - - - - x x x -"),
    ("GET  /cms/<tenant>/organizations*",                    "x - x x x x x x -"),
    ("*    /cms/<tenant>/replacements*",                     "- - x x x x x x -"),
    ("GET  /cms/<tenant>/locations",                         "x x x x x x x x -"),
    ("*    /cms/<tenant>/locations/new",                     "- - x x - x x x -"),
    ("POST /cms/<tenant>/locations/<int:entry_id>",          "- - x x - x x x -"),
    ("POST /cms/<tenant>/locations/<int:entry_id>/archive",  "- - x - - x x x -"),
    ("*    /cms/<tenant>/locations/import",                  "- - x x - x x x -"),
    ("POST /cms/<tenant>/locations/imports/*/undo",          "- - - - - - x x -"),
    ("POST /cms/<tenant>/locations/imports/*/stop",          "- - x x - x x x -"),
    ("GET  /cms/<tenant>/locations*",                        "x - x x x x x x -"),
    ("GET  /cms/<tenant>/contacts",                          "x x x x x x x x -"),
    ("*    /cms/<tenant>/contacts/new",                      "- - - x - x x x -"),
    ("POST /cms/<tenant>/contacts/<int:entry_id>",           "- - - x - x x x -"),
    ("POST /cms/<tenant>/contacts/<int:entry_id>/archive",   "- - - - - x x x -"),
    ("GET  /cms/<tenant>/contacts*",                         "x - x x x x x x -"),
    ("GET  /cms/<tenant>/imprint",                           "x - - x x x x x -"),
    ("POST /cms/<tenant>/imprint",                           "- - - - - x x x -"),
    ("GET  /cms/<tenant>/media",                             "x x x x x x x x -"),
    ("GET  /cms/<tenant>/media/shelf",                       "x x x x x x x x -"),
    ("POST /cms/<tenant>/media",                             "- - x x - x x x -"),
    ("POST /cms/<tenant>/media/move",                        "- - x x - x x x -"),
    ("POST /cms/<tenant>/media/folder",                      "- - x x - x x x -"),
    # A contributor sees files of the own organization; what is asked for here belongs to none.
    ("GET  /cms/<tenant>/media/<int:media_id>",              "x - x x x x x x -"),
    ("POST /cms/<tenant>/media/<int:media_id>",              "- - x x x x x x -"),
    ("POST /cms/<tenant>/media/*/file",                      "- - x x - x x x -"),
    ("POST /cms/<tenant>/media/*/archive",                   "- - - - - x x x -"),
    ("POST /cms/<tenant>/media/*/delete",                    "- - - - - - x x -"),
    ("*    /cms/<tenant>/quality",                           "- - - - - - x x -"),
    ("POST /cms/<tenant>/opening/*",                         "- - - - - - x x -"),
    ("*    /cms/<tenant>/settings*",                         "- - - - - - x x -"),
    ("*    /cms/<tenant>/search*",                           "- - - - - x x x -"),
    ("*    /cms/<tenant>/tokens*",                           "- - - - - - x x -"),
    ("*    /cms/<tenant>/webhooks*",                         "- - - - - - x x -"),
    ("GET  /cms/<tenant>/audit*",                            "- - - - - - x x -"),
    ("GET  /cms/login/again",                                "x x x x x x x x -"),
    # stand-ins, so that the table says something of doors whatever addresses there are
    ("*    /api/stand-in/<tenant>/page:read",            "x x - x x x x x x"),
    ("*    /api/stand-in/<tenant>/page:write",           "- - - x - x x x x"),
    ("*    /api/stand-in/<tenant>/event:publish",        "- - x - x x x x x"),
    ("*    /api/stand-in/<tenant>/offer:propose",        "- x - - - - - x -"),
    ("*    /api/stand-in/<tenant>/page:archive",         "- - - - - x x x -"),
    ("*    /api/stand-in/<tenant>/people:manage",        "- - - - - - x x -"),
    ("*    /api/stand-in/<tenant>/platform:manage",      "- - - - - - - x -"),
)  # fmt: skip
STAND_INS = [row[0].rpartition("/")[2] for row in FOR_MEMBERS if "/stand-in/" in row[0]]
STAFF, MACHINE = "staff", "token"
COLUMNS = (*ROLES, STAFF, MACHINE)
REFUSED = {401, 403}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Service:
    """An application with two cities and someone in every role of the first."""

    app: Flask
    database: Database
    city: City | None = None
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def ask(self, method: str, rule: str, *, city: str = "own", headers: dict[str, str] | None = None):
        client = self.app.test_client()
        if rule.startswith("/cms/"):
            headers = as_browser(self.app, client, headers or {})
        return client.open(address(rule, city), method=method, headers=headers or {})


@pytest.fixture(scope="module")
def service(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    shutil.copy(sqlite_template, folder / "cityinfo.sqlite3")
    yield from started(Settings(data_dir=folder, head_ttl=0, login_limit="off"))


def started(settings):
    database = open_database(settings)
    service = Service(with_stand_ins(create_app(settings, database=database), STAND_INS), database)
    own, _ = make_city(database, "own"), make_city(database, "other")
    service.city = own
    for role in ROLES:
        reach = {"organization": 1} if role == "contributor" else {}
        account_id = person(database, role)
        give(own, account_id, role, **reach)
        service.headers[role] = logged_in(service, account_id)
    service.headers[STAFF] = logged_in(service, person(database, STAFF, staff=True), acting_in=own.tenant_id)
    service.headers[MACHINE] = machine(own)
    yield service
    database.dispose()


def logged_in(service, account_id, *, acting_in=None):
    with service.database.unit_of_work(NO_TENANT, write=True) as db:
        session = logins.sessions.begin(db, account_id)
        logins.sessions.act_in(db, session.id, acting_in)
    with service.app.test_request_context():
        return {"Authorization": f"Bearer {identity.tokens_for(session)['access_token']}"}


def as_browser(app, client, headers):
    """The same login as a browser has it; as a script of the CMS asks, which is answered and not led elsewhere."""
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    if tokens.is_secret(token) or not token:
        return {**headers, "HX-Request": "true"}
    client.set_cookie("access_token_cookie", token, path="/cms")
    return {"HX-Request": "true", "X-CSRF-TOKEN": csrf_in(app, token)}


@cache
def csrf_in(app, token):
    with app.app_context():
        return get_csrf_token(token)


def machine(city):
    draft = TokenDraft(
        name="everything",
        scopes=FOR_TOKENS,
        expires_at=clock.now() + timedelta(days=1),
        per_minute=6000,
    )
    with city.write() as db:
        return {"Authorization": f"Bearer {tokens.create(db, draft, actor=SYSTEM)[1]}"}


def address(rule, city):
    values = {"tenant": city, "language": "de"}
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", lambda part: values.get(part[2], "1"), rule)


def places(app):
    """Every address with every method it takes."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return [(method, rule.rule, rule.endpoint) for rule in rules for method in METHODS if method in rule.methods]


def fits(row, method, rule):
    wanted, _, pattern = row.partition(" ")
    # fnmatch reads brackets as choices; ours stand for nothing but themselves, and addresses have none of them.
    return wanted in ("*", method) and fnmatchcase(rule, pattern.strip())


def marks(method, rule):
    row = next((one for one in FOR_MEMBERS if fits(one[0], method, rule)), None)
    return dict(zip(COLUMNS, row[1].split(), strict=True)) if row else None


def closed(app):
    """What is not for everyone, each with what the table says."""
    return [
        (method, rule, marks(method, rule))
        for method, rule, endpoint in places(app)
        if app.view_functions[endpoint].access != PUBLIC
    ]


def test_every_address_stands_in_the_table(service):
    for method, rule, endpoint in places(service.app):
        if service.app.view_functions[endpoint].access == PUBLIC:
            assert any(fits(row, method, rule) for row in FOR_EVERYONE), f"{method} {rule} is open to everyone"
        else:
            assert marks(method, rule), f"{method} {rule} has no row"


def test_every_row_still_means_an_address(service):
    known = places(service.app)
    for row in [*FOR_EVERYONE, *(address for address, _ in FOR_MEMBERS)]:
        assert any(fits(row, method, rule) for method, rule, _ in known), row


def test_nothing_but_what_is_public_answers_without_login(service):
    for method, rule, _ in closed(service.app):
        assert service.ask(method, rule).status_code == 401, f"{method} {rule}"


@pytest.mark.parametrize("who", COLUMNS)
def test_everyone_comes_as_far_in_their_own_city_as_the_table_says(service, who):
    wrong = []
    for method, rule, expected in closed(service.app):
        answer = service.ask(method, rule, headers=fresh(service, who, rule))
        if is_open(answer) != (expected[who] == "x") or answer.status_code >= 500:
            wrong.append(f"{method} {rule} answers {answer.status_code} to {who}")
    assert wrong == []


@pytest.mark.parametrize("who", COLUMNS)
def test_nobody_comes_into_another_city(service, who):
    for method, rule, _ in closed(service.app):
        if "<tenant>" in rule:
            answer = service.ask(method, rule, city="other", headers=service.headers[who])
            refused = (401, "token.invalid") if who == MACHINE else (404, "tenant.not_yours")
            said = answer.json["code"] if answer.is_json else refused[1]  # the CMS says it to people
            assert (answer.status_code, said) == refused, f"{method} {rule}"


def test_a_change_of_rights_holds_from_the_next_request_on(service):
    own = service.city
    amal = person(service.database, "Amal")
    membership, headers = give(own, amal, "author"), logged_in(service, amal)
    writing, archiving = "/api/stand-in/<tenant>/page:write", "/api/stand-in/<tenant>/page:archive"
    assert [service.ask("GET", rule, headers=headers).status_code for rule in (writing, archiving)] == [200, 403]
    with own.write() as db:
        accounts.change_membership(db, membership, MembershipDraft(role="editor"), actor=SYSTEM)
    assert service.ask("GET", archiving, headers=headers).status_code == 200
    with own.write() as db:
        accounts.revoke_membership(db, membership, actor=SYSTEM)
    assert service.ask("GET", writing, headers=headers).status_code == 404


def fresh(service, who, rule):
    """What ends a login, or where it acts, gets one of its own to end."""
    if not rule.endswith(("/logout", "/acting", "/leave")) or who == MACHINE:
        return service.headers[who]
    with service.database.unit_of_work(NO_TENANT) as db:
        return logged_in(service, accounts.account_of(db, f"{who}@example.org").id)


def is_open(answer):
    """Whether the door opened. What was asked for may well be missing behind it."""
    is_problem = answer.content_type == "application/problem+json"
    return answer.status_code not in REFUSED and not (is_problem and answer.json["code"] == "tenant.not_yours")


def test_a_view_that_does_not_say_who_may_come_keeps_the_service_from_starting():
    app = Flask("test")
    app.add_url_rule("/open", view_func=lambda: "")
    with pytest.raises(TypeError, match="neither @public nor @guarded"):
        check_views(app)


def test_a_permission_that_is_not_in_the_table_keeps_the_service_from_starting():
    with pytest.raises(Invalid, match="is no permission"):
        guarded("page:wirte")
    with pytest.raises(TypeError):
        guarded()


@pytest.mark.postgres
@pytest.mark.parametrize("settings", [pytest.param("postgres")], indirect=True)
def test_the_doors_are_the_same_on_postgresql(settings, database):
    """The rules are the same code; what differs is the wall that memberships and tokens are read through."""
    for service in started(replace(settings, login_limit="off")):
        for who in ("manager", MACHINE):
            test_everyone_comes_as_far_in_their_own_city_as_the_table_says(service, who)
            test_nobody_comes_into_another_city(service, who)
