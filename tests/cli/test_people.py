"""People, their roles and machines' tokens in the terminal."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cityinfo.cli import main
from cityinfo.features import accounts, commons, logins, placeholders, publishing, tenants, tokens, upstream
from cityinfo.features.commons import Looked
from cityinfo.features.logins.models import Authenticator
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Forbidden, Unauthenticated
from tests.factories_logins import letters, token_in, whose
from tests.factories_people import PASSWORD

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def run(settings, database, monkeypatch):
    """One command; returns what it prints, and insists on how it ends."""
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))

    def run(*words, typed="", fails=False):
        result = CliRunner().invoke(main, [str(word) for word in words], input=typed)
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    return run


def test_someone_comes_gets_a_role_and_loses_it_again(run, city):
    run("users", "create", "amal@example.org", "--name", "Amal")
    run("users", "grant", "amal@example.org", city.slug, "translator", "--language", "en", "--may-publish")
    shown = run("users", "list")
    assert "amal@example.org" in shown
    assert "translator (en, may publish)" in shown
    run("users", "revoke", "amal@example.org", city.slug, "translator")
    assert "translator" not in run("users", "list")
    assert run("users", "list", "--tenant", city.slug) == ""


def test_a_password_comes_through_a_pipe_and_ends_what_went_before(run, database):
    run("users", "create", "sam@example.org", "--name", "Sam", "--platform-staff", "--set-password", typed=PASSWORD)
    assert "[platform staff]" in run("users", "list")
    account_id = whose(database, "sam@example.org", PASSWORD)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        session = logins.sessions.begin(db, account_id)
    run("users", "set-password", "sam@example.org", typed="another long password\n")
    assert whose(database, "sam@example.org", "another long password") == account_id
    with database.unit_of_work(NO_TENANT) as db, pytest.raises(Unauthenticated):
        logins.sessions.session_of(db, session.id, account_id)


def test_someone_is_invited_from_the_terminal(run, city, settings, database):
    run("users", "invite", city.slug, "nour@example.org", "--name", "Nour", "--role", "translator", "--language", "ar")
    assert "translator (ar)" in run("users", "list")
    (letter,) = letters(settings, database)
    assert (letter["To"], bool(token_in(letter))) == ("nour@example.org", True)


def test_whoever_lost_the_second_factor_gets_in_again(run, database):
    run("users", "create", "sam@example.org", "--name", "Sam", "--set-password", typed=PASSWORD)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        sam = accounts.account_of(db, "sam@example.org").id
        db.add(Authenticator(account_id=sam, secret="x", created_at=clock.now(), confirmed_at=clock.now(), last_step=0))
    with pytest.raises(Forbidden, match="second factor"):
        whose(database, "sam@example.org", PASSWORD)
    run("users", "reset-second-factor", "sam@example.org")
    assert whose(database, "sam@example.org", PASSWORD) == sam


def test_managers_can_be_told_why_someone_may_publish(run, city):
    run("users", "create", "amal@example.org", "--name", "Amal")
    run("users", "grant", "amal@example.org", city.slug, "author")
    ask = ("users", "why", "amal@example.org", city.slug)
    assert run(*ask, "page:publish").splitlines() == ["No.", "The role author does not include page:publish."]
    assert run(*ask, "page:write", "--language", "de").splitlines()[0] == "Yes."
    assert "is no permission" in run(*ask, "page:wirte", fails=True)


def test_someone_is_locked_out_and_let_in_again(run, database):
    run("users", "create", "amal@example.org", "--name", "Amal", "--set-password", typed=PASSWORD)
    run("users", "lock", "amal@example.org")
    assert "[locked]" in run("users", "list")
    with pytest.raises(Unauthenticated):
        whose(database, "amal@example.org", PASSWORD)
    run("users", "unlock", "amal@example.org")
    assert whose(database, "amal@example.org", PASSWORD)


def test_what_cannot_be_done_is_said_in_one_line(run, city):
    run("users", "create", "amal@example.org", "--name", "Amal")
    for words in (
        ("users", "create", "amal@example.org", "--name", "Amal"),
        ("users", "create", "nonsense", "--name", "Amal"),
        ("users", "set-password", "nobody@example.org"),
        ("users", "reset-second-factor", "nobody@example.org"),
        ("users", "invite", city.slug, "nonsense", "--name", "Nour", "--role", "editor"),
        ("users", "invite", city.slug, "nour@example.org", "--name", "Nour", "--role", "boss"),
        ("users", "grant", "amal@example.org", city.slug, "boss"),
        ("users", "grant", "amal@example.org", "nowhere", "editor"),
        ("users", "revoke", "amal@example.org", city.slug, "editor"),
        ("tokens", "create", city.slug, "importer", "--scope", "people:manage"),
        ("tokens", "revoke", city.slug, "17"),
    ):
        assert run(*words, fails=True).count("\n") == 1, words


def test_a_token_is_shown_once_listed_without_its_secret_and_revoked(run, city):
    said = run("tokens", "create", city.slug, "importer", "--scope", "page:read", "--scope", "page:write", "--reviewed")
    secret = said.split()[-1]
    assert tokens.is_secret(secret)
    listed = run("tokens", "list", city.slug)
    assert secret not in listed
    assert "page:read page:write" in listed
    run("tokens", "revoke", city.slug, listed.split()[0])
    assert "revoked" in run("tokens", "list", city.slug)


def test_the_demo_city_has_people_whose_password_is_shown_once(run, database):
    password = run("demo", "--alone").split()[-1]
    account_id = whose(database, "editor@musterstadt.example", password)
    assert [row.role for rows in accounts.cities_of(database, account_id).values() for row in rows] == ["editor"]
    assert "password" not in run("demo", "--alone")


def test_in_production_nobody_works_in_the_demo_city(run, database, monkeypatch):
    monkeypatch.setenv("CITYINFO_ENV", "production")
    monkeypatch.setenv("CITYINFO_SECRET_KEY", "0" * 64)
    assert "password" not in run("demo", "--alone")
    with database.unit_of_work(NO_TENANT) as db:
        assert accounts.accounts(db) == []


def test_beside_the_demo_city_stands_one_that_was_made_from_the_template(run, database):
    said = run("demo")
    with database.unit_of_work(NO_TENANT) as db:
        city = tenants.find(db, "neustadt")
    assert city.status == tenants.ACTIVE
    with database.unit_of_work(city.id) as db:
        assert publishing.count_public(db, "page") > 40
        assert [one.source for one in upstream.followings(db)] == ["municipality-de"]
        assert not any(one.is_missing for one in placeholders.asked(db))
    assert [one.source for one in commons.catalogue(database, Looked())[0]] == ["neustadt"]
    curator = whose(database, "curator@musterstadt.example", said.split()[-1])
    with database.unit_of_work(NO_TENANT) as db:
        assert len(accounts.cities_of(database, curator)) == 2
    assert run("demo").count("nothing changed") == 2
