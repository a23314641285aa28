"""What texts lead to, as it is kept: of what editors have and of what readers see, and once for both."""

from __future__ import annotations

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from cityinfo import schema
from cityinfo.features import content, pages
from cityinfo.features.content import Reference
from cityinfo.kernel import html
from tests.factories import EDITOR, plant, save
from tests.histories import number_of_histories
from tests.web.test_statements import Statements

STEPS = st.tuples(st.sampled_from(["save", "publish", "offline"]), st.sets(st.integers(0, 3)))
# A version's references as the table had them before, made of those of texts that have one version.
OLD = (
    "CREATE TABLE of_versions AS SELECT reference.tenant_id, text.current_version_id AS version_id, to_entry_id,"
    " reference.language, role, reference.entry_id FROM reference JOIN text ON text.id = reference.text_id",
    "DROP TABLE reference",
    "ALTER TABLE of_versions RENAME TO reference",
)


def linked(*ids):
    return "".join(f'<p>Mehr: <a href="entry:{one}">dort</a>.</p>' for one in ids)


def kept(city, page):
    with city.read() as db:
        return {row.to_entry_id for row in db.scalars(select(Reference).where(Reference.entry_id == page))}


def said(city, page):
    """What both versions of the text say."""
    with city.read() as db:
        text = content.find_text(db, page, "de")
        versions = [content.version(db, one) for one in (text.current_version_id, text.public_version_id)]
        return {one for version in versions if version for one, _ in html.references(version.content)}


def test_links_that_stay_are_not_written_again(city):
    targets = [plant(city, f"Ziel {number}") for number in range(5)]
    page = plant(city, "Start", content=linked(*targets))
    asked = Statements(city.database.engine)
    asked.of(lambda: save(city, page, content=linked(*targets) + "<p>Neu.</p>"))
    assert not [one for one in asked.seen if "INSERT INTO reference" in one or "DELETE FROM reference" in one]
    assert kept(city, page) == set(targets)


def test_a_link_counts_as_long_as_editors_or_readers_have_it(city):
    old, new = plant(city, "Alt"), plant(city, "Neu")
    page = plant(city, "Start", content=linked(old))
    save(city, page, content=linked(new), public=False)
    assert kept(city, page) == {old, new}
    with city.write() as db:
        pages.publish(db, page, "de", revision=content.find_text(db, page, "de").revision, actor=EDITOR)
    assert kept(city, page) == {new}


@pytest.mark.slow
def test_whatever_happens_to_a_text_its_links_are_those_of_its_two_versions(city):
    targets = [plant(city, f"Ziel {number}") for number in range(4)]

    @examples(
        max_examples=number_of_histories(city.database, 25), deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(STEPS, min_size=1, max_size=6))
    def whatever_happens(steps):
        page = plant(city, "Start", content=linked(targets[0]))
        for step, chosen in steps:
            happen(city, page, step, [targets[one] for one in chosen])
            assert kept(city, page) == said(city, page)

    whatever_happens()


def happen(city, page, step, targets):
    if step == "offline":
        with city.write() as db:
            content.take_offline(db, page, ["de"], actor=EDITOR)
    else:
        save(city, page, content=linked(*targets), public=step == "publish")


def test_references_of_versions_become_those_of_their_texts(settings, city, monkeypatch):
    targets = [plant(city, "Eins"), plant(city, "Zwei")]
    page = plant(city, "Start", content=linked(*targets))
    module = ScriptDirectory(str(schema.MIGRATIONS)).get_revision("20261129_4_references").module
    monkeypatch.setattr(module, "close_table", lambda _table: None)
    engine = create_engine(settings.migration_database)
    with engine.connect() as connection, Operations.context(MigrationContext.configure(connection)):
        for table in ("reference", "text") if connection.dialect.name == "postgresql" else ():
            connection.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for statement in OLD:
            connection.exec_driver_sql(statement)
        module.upgrade()
        rows = connection.exec_driver_sql(f"SELECT to_entry_id, role FROM reference WHERE entry_id = {page}").all()
        connection.rollback()
    engine.dispose()
    assert set(rows) == {(target, "link") for target in targets}
