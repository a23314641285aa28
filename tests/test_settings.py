"""Settings are declared once, explain themselves, and refuse what cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cityinfo.kernel.errors import Invalid
from cityinfo.settings import Settings, described, settings_table, shown
from tests.conftest import REPOSITORY


def test_every_setting_says_what_it_is_for():
    assert all(len(meaning) > 20 for _, _, meaning in described())


def test_the_readme_lists_every_setting_as_it_is():
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    table = re.search(r"<!-- settings -->\n(.*?)\n<!-- /settings -->", readme, re.DOTALL)
    assert table
    assert table[1] == settings_table()


def test_settings_are_read_from_variables_of_their_name():
    settings = Settings.from_environment(
        {"CITYINFO_DATA_DIR": "/srv/city", "CITYINFO_HEAD_TTL": "0.5", "CITYINFO_METRICS": "yes", "PORT": "1"}
    )
    assert (settings.data_dir, settings.head_ttl, settings.metrics) == (Path("/srv/city"), 0.5, True)
    assert settings.database == "sqlite:////srv/city/cityinfo.sqlite3"


@pytest.mark.parametrize(
    ("name", "value"),
    [("HEAD_TTL", "soon"), ("BODY_CACHE_MB", "1.5"), ("METRICS", "perhaps"), ("ENV", "staging")],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name, value):
    with pytest.raises(Invalid, match=f"CITYINFO_{name} is '{value}'"):
        Settings.from_environment({f"CITYINFO_{name}": value})


def test_production_does_not_start_without_a_secret_key():
    with pytest.raises(Invalid, match="CITYINFO_SECRET_KEY"):
        Settings.from_environment({"CITYINFO_ENV": "production"})


def test_passwords_and_keys_are_never_shown():
    settings = Settings(
        secret_key="geheim-1",
        database_url="postgresql+psycopg://app:geheim-2@host/city",
        redis_url="redis://:geheim-3@host",
    )
    said = dict(shown(settings))
    assert "geheim" not in str(said)
    assert said["CITYINFO_DATABASE_URL"].endswith("@host/city")


def test_a_development_key_is_made_once_and_kept(tmp_path):
    assert len(Settings(data_dir=tmp_path).signing_key) == 64
    assert Settings(data_dir=tmp_path).signing_key == Settings(data_dir=tmp_path).signing_key
