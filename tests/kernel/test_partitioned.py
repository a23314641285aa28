"""The same product on tables that are partitioned by tenant, as a very large installation would have them."""

from __future__ import annotations

import re

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, make_url, select, text
from sqlalchemy.exc import IntegrityError

from cityinfo import registry
from cityinfo.features import pages, publishing
from cityinfo.features.content import CURRENT, Address, Entry, Text, Version
from cityinfo.kernel.db import EVERY_TENANT, Base
from cityinfo.kernel.errors import NotFound
from cityinfo.settings import Settings
from tests.conftest import open_database, register_languages
from tests.factories import archive, delete, make_city, mirror, move, plant, restore, save, take_offline, translate
from tests.partitions import PARTITIONS, hole_in_row_security, partitioned_database, partitions_of

pytestmark = pytest.mark.postgres

TABLES = Base.metadata.sorted_tables


@pytest.fixture(scope="module")
def server(postgres):
    """The test server's second database, partitioned."""
    return partitioned_database(postgres, name=f"{make_url(postgres.app_url).database}_partitioned")


@pytest.fixture
def database(server, tmp_path):
    server.empty()
    settings = Settings(data_dir=tmp_path, database_url=server.app_url, platform_role=server.roles.platform)
    database = open_database(settings)
    register_languages(database)
    yield database
    database.dispose()


@pytest.fixture
def owner(server):
    """A connection of the role that owns the tables."""
    address = make_url(server.owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        yield connection


def test_editors_and_readers_notice_nothing(city, other_city):
    home = plant(city, "Wohnen", slug="wohnen")
    child = plant(city, "Miete", under=home, slug="miete", content=f'<p><a href="entry:{home}">oben</a></p>')
    friend = plant(city, "Beratung")
    translate(city, home, "en", "Housing", content="<p>Rent</p>")
    save(city, home, content="<p>Neu</p>")
    move(city, friend, under=home)
    mirror(city, friend, of=child)
    mirror(city, friend, of=None)
    archive(city, friend)
    restore(city, friend)
    archive(city, friend)
    delete(city, friend)
    take_offline(city, home, ["en"])
    with city.read() as db:
        outline = publishing.outline(db)
        assert [outline.path(page, "de") for page in (home, child)] == ["wohnen", "wohnen/miete"]
        assert outline.path(home, "en") is None
        feed = publishing.changes(db, "de", since=None, most=100)
        assert {home, child} == {one.entry_id for one in feed.items if one.kind == pages.KIND}
        assert list(registry.PROJECTOR.verify(db)) == []


def test_another_city_sees_nothing_of_it(city, other_city):
    page = plant(city, "Wohnen")
    with other_city.read() as db:
        assert publishing.changes(db, "de", since=None, most=100).items == []
        assert pages.tree(db) == []
        assert db.get(Entry, (city.tenant_id, page)) is None
        with pytest.raises(NotFound):
            pages.find(db, page)


def test_every_tenants_work_reads_all_partitions(database):
    cities = [make_city(database, f"stadt-{number}") for number in range(8)]
    wanted = {(city.tenant_id, plant(city, "Wohnen")) for city in cities}
    with database.unit_of_work(EVERY_TENANT, reason="counts entries") as db:
        assert set(db.execute(select(Entry.tenant_id, Entry.id)).all()) == wanted


def test_an_entry_has_one_current_address_in_a_language(city):
    """The unique index that covers only a part of the rows works on partitions."""
    page = plant(city, "Wohnen", slug="wohnen")
    key = {"tenant_id": city.tenant_id, "language": "de", "kind": "page", "entry_id": page}
    with city.write() as db:
        db.add_all(Address(**key, slug=slug, role="former") for slug in ("eins", "zwei"))
    with pytest.raises(IntegrityError, match="tenant_id_entry_id_language_role"), city.write() as db:
        db.add(Address(**key, slug="drei", role=CURRENT))


def test_keys_that_point_in_a_circle_hold(city):
    """Texts point at versions and versions at texts; the second half of these keys is added after both tables."""
    page = plant(city, "Wohnen")
    with pytest.raises(IntegrityError), city.write() as db:
        db.scalars(select(Text).where(Text.entry_id == page)).one().public_version_id = 4711
    with city.read() as db:
        text_row = db.scalars(select(Text).where(Text.entry_id == page)).one()
        assert db.get(Version, (city.tenant_id, text_row.public_version_id)).title == "Wohnen"


def test_a_read_of_one_city_looks_into_one_partition(city, server):
    plant(city, "Wohnen")
    engine = create_engine(server.app_url)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('app.tenant', :tenant, true)"), {"tenant": str(city.tenant_id)})
        sql = f"EXPLAIN SELECT payload FROM published WHERE tenant_id = {city.tenant_id}"
        plan = "\n".join(row[0] for row in connection.execute(text(sql)))
    engine.dispose()
    assert len(set(re.findall(r"published_part_\d", plan))) == 1


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_and_every_partition_is_closed(server, owner, table):
    expected = PARTITIONS if "tenant_id" in table.c else 0
    found = owner.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass", [table.name]).fetchone()
    assert found == (expected,)
    for name in (table.name, *partitions_of(table)):
        if name != table.name or table.name == "tenant" or "tenant_id" in table.c:
            assert hole_in_row_security(owner, table, name, server.roles) == ""


def test_a_partition_shows_no_more_than_its_table(city, other_city, server):
    plant(city, "Wohnen")
    plant(other_city, "Fremd")
    engine = create_engine(server.app_url)
    with engine.begin() as connection:
        for name in partitions_of(Base.metadata.tables["entry"]):
            assert connection.execute(text(f"SELECT * FROM {name}")).all() == []
        connection.execute(text("SELECT set_config('app.tenant', :tenant, true)"), {"tenant": str(city.tenant_id)})
        rows = [
            row.tenant_id
            for name in partitions_of(Base.metadata.tables["entry"])
            for row in connection.execute(text(f"SELECT tenant_id FROM {name}"))
        ]
    engine.dispose()
    assert rows == [city.tenant_id]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_keys_and_indexes_are_those_of_the_models(server, table):
    engine = create_engine(server.owner_url)
    found = inspect(engine)
    keys = {
        (tuple(key["constrained_columns"]), key["referred_table"])
        for key in found.get_foreign_keys(table.name)
        if "_part_" not in key["referred_table"]  # PostgreSQL keeps one more of each for every partition
    }
    indexes = {index["name"] for index in found.get_indexes(table.name)}
    engine.dispose()
    assert keys == {(tuple(key.column_keys), key.referred_table.name) for key in table.foreign_key_constraints}
    assert indexes >= {index.name for index in table.indexes}
