"""What migrations build is what the models say, from an empty database on, on both databases."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, UniqueConstraint, create_engine, inspect

from cityinfo import schema
from cityinfo.features import tenants
from cityinfo.kernel.db import NO_TENANT, Base
from cityinfo.kernel.errors import Unavailable
from cityinfo.kernel.policies import Roles
from cityinfo.settings import Settings
from tests.conftest import open_database
from tests.factories import plant

TABLES = Base.metadata.sorted_tables


@pytest.fixture
def connection(settings):
    """The migrated database as its owner sees it."""
    engine = create_engine(settings.migration_database)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_there_is_one_newest_revision():
    scripts = ScriptDirectory(str(schema.MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1
    assert schema.newest_revision() == scripts.get_current_head()


def test_an_empty_database_is_brought_up_to_date(tmp_path):
    """For PostgreSQL every test begins with one: the server's database is made empty and migrated."""
    settings = Settings(data_dir=tmp_path)
    schema.upgrade(settings)
    database = open_database(settings)
    schema.check_migrations(database)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        tenants.register_languages(db)
    database.dispose()


def test_the_tests_database_is_up_to_date(database):
    schema.check_migrations(database)


def test_an_older_database_is_refused(tmp_path):
    settings = Settings(data_dir=tmp_path)
    schema.upgrade(settings)
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'an older one'")
    engine.dispose()
    database = open_database(settings)
    with pytest.raises(Unavailable, match="cityinfo db upgrade"):
        schema.check_migrations(database)
    database.dispose()


def test_models_and_migrations_say_the_same(connection):
    options = {"compare_type": True, "compare_server_default": True, "include_object": belongs_to_us}
    context = MigrationContext.configure(connection, opts=options)
    assert compare_metadata(context, Base.metadata) == []


def test_alembic_proposes_no_further_migration(settings, database):
    """As a developer would ask it: `check` raises when it finds a difference."""
    command.check(alembic_config(schema.MIGRATIONS, settings.migration_database))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_checks_keys_and_indexes_are_there_by_name(connection, table):
    """Alembic compares neither checks nor primary keys nor which rows an index covers."""
    found = inspect(connection)
    assert found.get_pk_constraint(table.name)["constrained_columns"] == [one.name for one in table.primary_key]
    assert names(found.get_check_constraints(table.name)) == names_of(table, CheckConstraint)
    assert names(found.get_unique_constraints(table.name)) == names_of(table, UniqueConstraint)
    indexes = {one["name"]: one for one in found.get_indexes(table.name) if "duplicates_constraint" not in one}
    assert indexes.keys() == {one.name for one in table.indexes}
    for index in table.indexes:
        assert bool(indexes[index.name]["unique"]) == index.unique
        assert is_partial(indexes[index.name]) == (index.dialect_options["postgresql"]["where"] is not None)


def names(found):
    return {one["name"] for one in found}


def names_of(table, kind):
    return {one.name for one in table.constraints if isinstance(one, kind)}


def is_partial(index):
    return any(name.endswith("_where") for name in index.get("dialect_options", {}))


def belongs_to_us(item, name, kind, reflected, compare_to):
    return name != "alembic_version"


def test_upgrading_again_changes_nothing(settings, database, connection):
    before = everything_in(connection)
    connection.rollback()
    schema.upgrade(settings)
    assert everything_in(connection) == before
    assert len(before) > len(TABLES)


def everything_in(connection):
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").all()
    policies = connection.exec_driver_sql("SELECT * FROM pg_policies ORDER BY 2, 3").all()
    tables = connection.exec_driver_sql("SELECT oid, relname, relacl::text FROM pg_class ORDER BY 1").all()
    return [*policies, *tables]


def alembic_config(scripts, url):
    """What `cityinfo db upgrade` hands to Alembic."""
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes.update(engine=create_engine(url), roles=Roles(app="", platform=""))
    return config


# A change of a table that others point at

SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "second"
down_revision = "{first}"


def upgrade():
    with op.batch_alter_table("entry", recreate="always") as batch:
        batch.add_column(sa.Column("colour", sa.Text(), nullable=True))
"""


@pytest.fixture
def scripts(tmp_path):
    """The migrations of this release and one more, which makes the table of entries anew."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text((schema.MIGRATIONS / "env.py").read_text("utf-8"), "utf-8")
    for file in (schema.MIGRATIONS / "versions").glob("*.py"):
        (folder / "versions" / file.name).write_text(file.read_text("utf-8"), "utf-8")
    second = SECOND.format(first=schema.newest_revision())
    (folder / "versions" / "second.py").write_text(second, "utf-8")
    return folder


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_making_a_table_anew_keeps_what_points_at_it(settings, city, scripts):
    """SQLite changes a table by copying and dropping it; with foreign keys on, every text would go with the entries."""
    plant(city, "Wohnen")
    before = rows_of(city, "text", "version", "page", "address")
    command.upgrade(alembic_config(scripts, settings.migration_database), "head")
    assert rows_of(city, "text", "version", "page", "address") == before
    assert min(before.values()) == 1
    assert ask(settings, "SELECT count(*) FROM pragma_table_info('entry') WHERE name = 'colour'") == [(1,)]
    assert ask(settings, "PRAGMA foreign_key_check") == []


def rows_of(city, *names):
    with city.read() as db:
        off = {"execution_options": {"crosses": "test"}}
        return {name: len(db.execute(Base.metadata.tables[name].select(), **off).all()) for name in names}


def ask(settings, sql):
    engine = create_engine(settings.database)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(sql).all()
    engine.dispose()
    return found


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_foreign_keys_are_on_where_the_product_works(database):
    with database.unit_of_work(NO_TENANT) as db:
        off = {"execution_options": {"crosses": "test"}}
        assert db.connection().exec_driver_sql("PRAGMA foreign_keys", **off).scalar() == 1
