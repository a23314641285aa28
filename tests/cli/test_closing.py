"""`cityinfo tenants delete` and `restore` at the terminal."""

from __future__ import annotations

import pytest

from cityinfo.adapters.folder import FolderStore
from cityinfo.features import tenants
from cityinfo.kernel.db import NO_TENANT
from tests.cli.test_tenants import known, terminal
from tests.factories import make_city, plant

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
__all__ = ["terminal"]


def test_a_dry_run_only_counts(city, database, terminal):
    plant(city, "Wohnen")
    said = terminal("delete", "teststadt", "--dry-run")
    assert "page                  1" in said
    assert known(database, "teststadt").status == tenants.ACTIVE


def test_a_closed_city_is_exported_and_restored(city, database, terminal, tmp_path):
    plant(city, "Wohnen")
    said = terminal("delete", "teststadt")
    assert "teststadt: closed; deleted for good after " in said
    assert "cityinfo tenants restore teststadt" in said
    assert "teststadt" in terminal("list")
    assert "closed already" in terminal("delete", "teststadt", fails=True)
    terminal("export", "teststadt", tmp_path / "teststadt.zip")
    assert (tmp_path / "teststadt.zip").stat().st_size > 500
    assert "its status is active" in terminal("restore", "teststadt")
    assert known(database, "teststadt").status == tenants.ACTIVE


def test_what_failed_is_said_in_one_line_and_the_same_command_goes_on(city, terminal, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(FolderStore, "keys", lambda *_: iter([f"{city.tenant_id}/bleibt.pdf"]))
        assert "The deletion failed: Invalid deletion.file_left." in terminal(
            "delete", "teststadt", "--now", fails=True
        )
    assert "has begun" in terminal("restore", "teststadt", fails=True)
    assert "no row and no file is left" in terminal("delete", "teststadt", "--now")


def test_without_waiting_it_is_gone_and_its_address_free(city, database, terminal):
    plant(city, "Wohnen")
    terminal("delete", "teststadt")
    assert "no row and no file is left" in terminal("delete", "teststadt", "--now")
    assert known(database, "teststadt") is None
    assert "no city under the address" in terminal("restore", "teststadt", fails=True)
    make_city(database, "teststadt")
    with database.unit_of_work(NO_TENANT) as db:
        assert tenants.find(db, "teststadt")
