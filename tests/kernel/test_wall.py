"""The wall between two cities: every way past it that was ever found is refused, ordinary work is not."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import (
    Boolean,
    bindparam,
    cast,
    delete,
    event,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    union,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased, make_transient_to_detached
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from cityinfo.features import tenants
from cityinfo.features.content import Entry, Text, Version
from cityinfo.features.pages import Page
from cityinfo.features.publishing import Head, Published
from cityinfo.features.tenants import Language, Tenant, TenantLanguage
from cityinfo.kernel import clock
from cityinfo.kernel.db import EVERY_TENANT, NO_TENANT, TenantClock
from cityinfo.kernel.errors import Leak
from tests.factories import plant, translate

ENTRIES = Entry.__table__


@pytest.fixture
def page(city):
    """A page of our own."""
    return plant(city, "Wohnen")


@pytest.fixture
def foreign(other_city):
    """A page of the other city."""
    return plant(other_city, "Fremd")


@pytest.fixture
def nothing_changes(other_city, foreign):
    """Whatever is tried, the other city's rows stay as they are."""
    before = everything(other_city)
    assert before["entry"]
    yield
    assert everything(other_city) == before


def everything(city):
    """All rows of a city, read by the city itself."""
    rows = {}
    with city.read() as db:
        for model in (Entry, Text, Version, Page, Published, Head, TenantLanguage):
            columns = [getattr(model, column.key) for column in model.__mapper__.columns]
            rows[model.__tablename__] = sorted(db.execute(select(*columns)).all(), key=repr)
        rows["tenant"] = db.execute(select(Tenant.name, Tenant.status).where(Tenant.id == city.tenant_id)).all()
    return rows


def new_entry(city, entry_id, **values):
    """Values for a row of `entry`."""
    return {
        "tenant_id": city.tenant_id,
        "id": entry_id,
        "kind": "page",
        "revision": 1,
        "created_at": clock.now(),
        **values,
    }


def upsert(database):
    return sqlite.insert(Entry) if database.is_sqlite else postgresql.insert(Entry)


def refused(city, statement, *parameters):
    """The statement is refused in a unit of work of the city, by the session and by its connection."""
    with pytest.raises(Leak), city.write() as db:
        db.execute(statement, *parameters)
    with pytest.raises(Leak), city.write() as db:
        db.connection().execute(statement, *parameters)


# Reading past the session


def test_a_core_select_is_refused(city, nothing_changes):
    refused(city, select(ENTRIES))
    refused(city, select(ENTRIES.c.id))
    refused(city, select(func.count()).select_from(ENTRIES))


def test_a_core_select_that_names_the_other_city_is_refused(city, other_city, nothing_changes):
    refused(city, select(ENTRIES.c.id).where(ENTRIES.c.tenant_id == other_city.tenant_id))
    refused(city, select(ENTRIES.c.id).where(or_(ENTRIES.c.tenant_id == city.tenant_id, true())))
    refused(city, select(exists().where(ENTRIES.c.tenant_id == other_city.tenant_id)))


def test_text_is_refused_whatever_it_says(city, other_city, nothing_changes):
    refused(city, text("SELECT * FROM entry"))
    refused(city, text("SELECT 1"))
    bound = "SELECT * FROM entry WHERE entry.tenant_id = :tenant"
    refused(city, text(bound), {"tenant": other_city.tenant_id})
    refused(city, text(bound), {"tenant": city.tenant_id})
    refused(city, text(bound).columns(ENTRIES.c.id), {"tenant": other_city.tenant_id})


def test_text_that_writes_is_refused(city, other_city, nothing_changes):
    refused(city, text("UPDATE entry SET kind = 'x' WHERE entry.tenant_id = :tenant"), {"tenant": other_city.tenant_id})
    refused(city, text("DELETE FROM entry WHERE entry.tenant_id = :tenant"), {"tenant": other_city.tenant_id})
    refused(city, text("UPDATE tenant SET name = 'x'"))
    refused(city, text("INSERT INTO head (tenant_id, language, kind, seq) VALUES (1, 'de', 'page', 1)"))


def test_entities_read_from_text_are_refused(city, nothing_changes):
    refused(city, select(Entry).from_statement(text("SELECT * FROM entry")))
    refused(city, select(Entry).from_statement(select(ENTRIES)))
    with pytest.raises(Leak), city.read() as db:
        db.query(Entry).from_statement(text("SELECT * FROM entry")).all()


def test_a_table_beside_an_entity_is_refused(city, nothing_changes):
    texts = Text.__table__
    refused(city, select(Entry.id, texts.c.id).join(texts, texts.c.entry_id == Entry.id))
    refused(city, select(Entry.id, select(func.count()).select_from(texts).scalar_subquery()))
    refused(city, select(Entry.id, literal_column("(SELECT count(*) FROM text)")))
    refused(city, select(Entry.id).where(text("EXISTS (SELECT 1 FROM version)")))


def test_a_table_beside_an_entity_does_not_borrow_its_tenant(city, other_city, nothing_changes):
    texts = Text.__table__
    statement = select(Entry.id, texts.c.id).join(texts, texts.c.entry_id == Entry.id)
    refused(city, statement.where(texts.c.tenant_id == other_city.tenant_id))
    refused(city, statement.where(Entry.tenant_id == city.tenant_id))


def test_the_other_city_named_in_a_where_finds_nothing(city, other_city, nothing_changes):
    with city.read() as db:
        assert db.scalars(select(Entry).where(Entry.tenant_id == other_city.tenant_id)).all() == []
        assert db.scalars(select(Entry).where(or_(Entry.tenant_id == other_city.tenant_id, true()))).all() == []


# Writing past the session


def test_new_rows_for_the_other_city_are_refused(city, other_city, nothing_changes):
    rows = [new_entry(city, 1), new_entry(other_city, 2)]
    refused(city, insert(Entry), rows)
    refused(city, insert(Entry), new_entry(other_city, 2))
    refused(city, insert(Entry).values(rows))
    refused(city, insert(Entry).values(**new_entry(other_city, 2)))
    refused(city, insert(Entry).values({Entry.tenant_id: other_city.tenant_id, Entry.id: 2}))
    refused(city, insert(ENTRIES), rows)


def test_new_rows_for_no_city_are_refused(city, nothing_changes):
    row = new_entry(city, 1)
    del row["tenant_id"]
    refused(city, insert(Entry).values(**row))
    refused(city, insert(Entry), [row])
    refused(city, insert(Entry).values([row]))
    refused(city, insert(Entry), [{**row, "tenant_id": None}])


def test_new_rows_made_by_a_select_are_refused(city, database, nothing_changes):
    names = ["tenant_id", "id", "kind", "revision", "created_at"]
    source = select(literal(city.tenant_id), Entry.id, Entry.kind, Entry.revision, Entry.created_at)
    refused(city, insert(Entry).from_select(names, source))
    inner = select(Version.title).limit(1).scalar_subquery()
    refused(city, insert(Entry).values(**new_entry(city, 1, kind=inner)))
    refused(city, insert(Entry).values([new_entry(city, 1, kind=inner)]))
    refused(city, insert(Entry).values(**new_entry(city, 1, kind=text("(SELECT title FROM version)"))))
    refused(city, insert(Entry).values(**new_entry(city, 1)).returning(select(Version.title).scalar_subquery()))
    refused(city, insert(tenants.Directory).from_select(["id", "seq"], select(Entry.id, Entry.revision)))


def test_a_row_cannot_read_from_the_other_city_while_it_is_flushed(city, foreign, nothing_changes):
    inner = select(ENTRIES.c.kind).where(ENTRIES.c.id == foreign).scalar_subquery()
    with pytest.raises(Leak), city.write() as db:
        db.add(Entry(**new_entry(city, 1, kind=inner)))


def test_an_upsert_moves_no_row_and_reads_nothing(city, other_city, database, page, nothing_changes):
    values = upsert(database).values(**new_entry(city, page))
    key = ["tenant_id", "id"]
    refused(city, values.on_conflict_do_update(index_elements=key, set_={"tenant_id": other_city.tenant_id}))
    inner = select(Version.title).limit(1).scalar_subquery()
    refused(city, values.on_conflict_do_update(index_elements=key, set_={"kind": inner}))


def test_bulk_saving_for_the_other_city_is_refused(city, other_city, nothing_changes):
    with pytest.raises(Leak), city.write() as db:
        db.bulk_save_objects([Entry(**new_entry(other_city, 1))])
    with pytest.raises(Leak), city.write() as db:
        db.bulk_save_objects([Entry(**{**new_entry(city, 1), "tenant_id": None})])
    with pytest.raises(Leak), city.write() as db:
        db.bulk_insert_mappings(Entry, [new_entry(city, 1), new_entry(other_city, 2)])


def test_bulk_changes_by_key_of_the_other_city_are_refused(city, other_city, page, foreign, nothing_changes):
    mine, theirs = ({"tenant_id": one.tenant_id, "id": page, "kind": "x"} for one in (city, other_city))
    for rows in ([theirs], [mine, {**theirs, "id": foreign}]):
        with pytest.raises(Leak), city.write() as db:
            db.execute(update(Entry), rows)
        with pytest.raises(Leak), city.write() as db:
            db.bulk_update_mappings(Entry, rows)
    with pytest.raises(Leak), city.write() as db:
        db.bulk_save_objects([Entry(**theirs)], update_changed_only=False)


def test_a_row_cannot_be_given_to_the_other_city(city, other_city, page, nothing_changes):
    to = other_city.tenant_id
    refused(city, update(Entry).values(tenant_id=to))
    refused(city, update(Entry).values({Entry.tenant_id: to}))
    refused(city, update(Entry).ordered_values((Entry.kind, "x"), (Entry.tenant_id, to)))
    refused(city, update(Entry).values(tenant_id=Entry.tenant_id + 1))
    refused(city, update(Entry).where(Entry.id == page), {"tenant_id": to})
    with pytest.raises(Leak), city.write() as db:
        db.get(Entry, (city.tenant_id, page)).tenant_id = to


def test_a_core_change_is_refused(city, other_city, nothing_changes):
    refused(city, update(ENTRIES).values(kind="x"))
    refused(city, update(ENTRIES).values(kind="x").where(ENTRIES.c.tenant_id == other_city.tenant_id))
    refused(city, delete(ENTRIES))
    refused(city, delete(ENTRIES).where(ENTRIES.c.tenant_id == other_city.tenant_id))
    by_name = update(ENTRIES).values(kind="x").where(ENTRIES.c.tenant_id == bindparam("entry_tenant_id"))
    refused(city, by_name, {"entry_tenant_id": other_city.tenant_id})


def test_a_change_under_another_name_is_refused(city, nothing_changes):
    other = ENTRIES.alias("other")
    refused(city, update(other).values(kind="x"))
    refused(city, delete(other))


def test_a_change_that_reads_a_table_is_refused(city, foreign, nothing_changes):
    texts = Text.__table__
    inner = select(texts.c.language).where(texts.c.entry_id == foreign).scalar_subquery()
    refused(city, update(Entry).values(kind=inner))
    refused(city, update(Entry).values(kind="x").where(Entry.id == texts.c.entry_id))
    refused(city, delete(Entry).where(Entry.id.in_(select(texts.c.entry_id))))


def test_a_change_hidden_in_a_read_is_refused(city, other_city, database, nothing_changes):
    if database.is_sqlite:
        pytest.skip("SQLite has no statement for it")
    inserted = insert(Entry).values(**new_entry(other_city, 1)).returning(Entry.id).cte()
    changed = update(Entry).values(tenant_id=other_city.tenant_id).returning(Entry.id).cte()
    for hidden in (inserted, changed, delete(Entry).returning(Entry.id).cte()):
        refused(city, select(hidden.c.id))
        with pytest.raises(Leak), database.unit_of_work(EVERY_TENANT, reason="tries to write") as db:
            db.execute(select(hidden.c.id))


# The connection


def test_the_connection_of_a_unit_of_work_lets_no_read_pass(city, other_city, nothing_changes):
    with city.read() as db:
        connection = db.connection()
        for statement in (
            select(Entry),
            select(ENTRIES),
            select(func.now()),
            text("SELECT * FROM entry"),
            text("SELECT * FROM entry WHERE entry.tenant_id = :tenant").bindparams(tenant=other_city.tenant_id),
        ):
            with pytest.raises(Leak):
                connection.execute(statement)
        for sql in ("SELECT * FROM entry", "SELECT 1"):
            with pytest.raises(Leak):
                connection.exec_driver_sql(sql)


def test_naming_another_tenant_on_the_connection_opens_nothing(city, other_city, page, nothing_changes):
    for whose in (other_city.tenant_id, EVERY_TENANT):
        with city.write() as db:
            db.connection().execution_options(whose=whose)
            with pytest.raises((Leak, DBAPIError)):
                db.connection().execute(insert(ENTRIES), [new_entry(other_city, 1)])
            db.rollback()
    with city.read() as db:
        db.connection().execution_options(whose=other_city.tenant_id)
        with pytest.raises(Leak):
            db.scalars(select(Entry)).all()
    with city.read() as db:
        db.connection().execution_options(whose=EVERY_TENANT)
        assert db.scalars(select(Entry.id)).all() == [page]


def test_a_connection_of_no_unit_of_work_is_refused(database, city, other_city, nothing_changes):
    with database.engine.connect() as connection:
        for statement in (select(Entry), select(Language), text("SELECT 1"), insert(ENTRIES), delete(ENTRIES)):
            with pytest.raises(Leak):
                connection.execute(statement)
        with pytest.raises(Leak):
            connection.exec_driver_sql("SELECT * FROM entry")
        with pytest.raises(Leak):
            connection.execute(insert(ENTRIES), [new_entry(other_city, 1)])


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_going_on_after_the_end_is_refused(city, page, nothing_changes, end):
    attempts = {
        "reads": lambda db: db.scalars(select(Entry)).all(),
        "finds": lambda db: db.get(Entry, (city.tenant_id, 1)),
        "adds": lambda db: (db.add(Entry(**new_entry(city, 1))), db.flush()),
        "changes": lambda db: db.execute(update(Entry).values(kind="x")),
        "asks for the connection": lambda db: db.connection().execute(insert(ENTRIES), [new_entry(city, 1)]),
    }
    for attempt in attempts.values():
        with city.write() as db:
            getattr(db, end)()
            with pytest.raises(Leak, match="no unit of work"):
                attempt(db)
            db.rollback()


# The identity of a unit of work


def test_the_tenant_of_a_unit_of_work_cannot_be_changed(city, other_city):
    with city.read() as db:
        for name in ("whose", "tenant_id", "database"):
            with pytest.raises(AttributeError):
                setattr(db, name, other_city.tenant_id)
        assert (db.whose, db.tenant_id) == (city.tenant_id, city.tenant_id)


def test_what_a_session_remembers_of_its_tenant_cannot_open_another_one(city, other_city, nothing_changes):
    with other_city.read() as db:
        db.scalars(select(Entry)).all()
        theirs = dict(db.info)
    with city.read() as db:
        db.info.update(theirs)
        with pytest.raises(Leak):
            db.scalars(select(Entry)).all()
    with city.read() as db:
        db.info.update(tenant=other_city.tenant_id, whose=other_city.tenant_id)
        assert db.scalars(select(Entry)).all() == []


def test_a_row_of_the_other_city_is_not_taken_in(city, other_city, foreign, nothing_changes):
    with other_city.read() as db:
        known = db.get(Entry, (other_city.tenant_id, foreign))
        db.expunge(known)
    with pytest.raises(Leak), city.write() as db:
        db.add(known)
    with pytest.raises(Leak), city.write() as db:
        db.merge(known)
    with pytest.raises(Leak), city.write() as db:
        db.merge(known, load=False)
    with pytest.raises(Leak), city.write() as db:
        db.delete(known)
    with pytest.raises(Leak), city.read() as db:
        db.add(known)


def test_a_forgotten_row_of_the_other_city_is_not_taken_in_either(city, other_city, foreign, nothing_changes):
    with other_city.read() as db:
        expired = db.get(Entry, (other_city.tenant_id, foreign))
        db.expire(expired)
    with pytest.raises(Leak), city.write() as db:
        db.add(expired)
    with pytest.raises(Leak), city.write() as db:
        db.delete(expired)


def test_a_row_of_the_other_city_is_not_taken_in_under_a_false_name(city, other_city, foreign, nothing_changes):
    with other_city.read() as db:
        known = db.get(Entry, (other_city.tenant_id, foreign))
        db.expunge(known)
    known.tenant_id, known.kind = city.tenant_id, "x"
    with pytest.raises(Leak), city.write() as db:
        db.add(known)


def test_a_new_row_of_the_other_city_is_refused(city, other_city, nothing_changes):
    with pytest.raises(Leak), city.write() as db:
        db.add(Entry(**new_entry(other_city, 1)))
    late = Entry(**new_entry(city, 1))
    with city.write() as db:
        db.add(late)
        late.tenant_id = other_city.tenant_id
        with pytest.raises(Leak):
            db.flush()
        db.rollback()


def test_the_public_facts_of_the_other_city_cannot_be_changed(city, other_city, nothing_changes):
    """The registry of cities can be read by all; the database alone keeps strangers from writing."""
    with pytest.raises((DBAPIError, StaleDataError)), city.write() as db:
        db.get(Tenant, other_city.tenant_id).name = "x"
    touches_nothing_foreign(city, update(Tenant).values(name="x"))


# Everybody and nobody


def test_work_on_every_tenant_reads_all_of_them(database, city, other_city, page, foreign):
    with database.unit_of_work(EVERY_TENANT, reason="counts entries") as db:
        owners = db.execute(select(Entry.tenant_id, Entry.id).join(Text, Text.entry_id == Entry.id)).all()
    assert set(owners) == {(city.tenant_id, page), (other_city.tenant_id, foreign)}


def test_work_on_every_tenant_needs_a_reason_and_only_reads(database):
    with pytest.raises(Leak), database.unit_of_work(EVERY_TENANT):
        pass
    with pytest.raises(Leak), database.unit_of_work(EVERY_TENANT, write=True, reason="would like to"):
        pass


def test_nothing_is_written_by_work_on_every_tenant(database, city, other_city, nothing_changes):
    def attempts(db):
        yield lambda: db.execute(update(Entry).values(kind="x"))
        yield lambda: db.execute(delete(Entry))
        yield lambda: db.execute(insert(Entry), [new_entry(other_city, 1)])
        yield lambda: db.execute(text("DELETE FROM entry"))
        yield lambda: db.execute(update(Tenant).values(name="x"))
        yield lambda: db.connection().execute(insert(ENTRIES), [new_entry(other_city, 1)])
        yield lambda: db.add(Entry(**new_entry(other_city, 1)))

    with database.unit_of_work(EVERY_TENANT, reason="tries to write") as db:
        for attempt in attempts(db):
            with pytest.raises(Leak):
                attempt()
        changed = db.scalars(select(Entry)).first()
        changed.kind = "x"
        with pytest.raises(Leak):
            db.flush()


def test_work_of_no_tenant_sees_global_tables_alone(database, city, other_city, nothing_changes):
    with database.unit_of_work(NO_TENANT) as db:
        assert set(db.scalars(select(Tenant.slug))) == {city.slug, other_city.slug}
        assert db.get(Language, "de").bcp47 == "de"
        for statement in (
            select(Entry),
            select(Entry).where(Entry.tenant_id == other_city.tenant_id),
            select(Tenant.id).join(Entry, Entry.tenant_id == Tenant.id),
            select(ENTRIES).where(ENTRIES.c.tenant_id == other_city.tenant_id),
        ):
            with pytest.raises(Leak):
                db.execute(statement).all()
        with pytest.raises(Leak):
            db.get(Entry, (other_city.tenant_id, 1))


def test_work_of_no_tenant_changes_global_tables_alone(database, other_city, nothing_changes):
    theirs = other_city.tenant_id
    for statement in (
        update(Entry).values(kind="x").where(Entry.tenant_id == theirs),
        delete(Entry).where(Entry.tenant_id == theirs),
        insert(Entry).values(**new_entry(other_city, 1)),
    ):
        with pytest.raises(Leak), database.unit_of_work(NO_TENANT, write=True) as db:
            db.execute(statement)
    with pytest.raises((Leak, TypeError)), database.unit_of_work(NO_TENANT, write=True) as db:
        db.add(Entry(**new_entry(other_city, 1)))
    with database.unit_of_work(NO_TENANT, write=True) as db:
        assert db.execute(update(Language).where(Language.slug == "de").values(name_en="German")).rowcount == 1


@pytest.mark.parametrize("whose", [None, True, "1", 1.0])
def test_what_is_no_tenant_opens_no_unit_of_work(database, whose):
    with pytest.raises(Leak), database.unit_of_work(whose):
        pass


# Ordinary work


@pytest.fixture
def tree(city, page):
    """A page with a child, in two languages."""
    child = plant(city, "Miete", under=page)
    translate(city, page, "en", "Housing")
    return page, child


def reads():
    """Every shape of statement the product uses or may come to use; each yields one number."""
    other = aliased(Entry)
    newest = select(func.max(Version.number)).where(Version.text_id == Text.id).correlate(Text).scalar_subquery()
    inner = select(Entry.id).subquery()
    with_texts = select(Text.entry_id).distinct().cte("with_texts")
    top = select(Page.id).where(Page.parent_id.is_(None)).cte("below", recursive=True)
    page = aliased(Page)
    below = top.union_all(select(page.id).where(page.parent_id == top.c.id))
    counted = func.count(Text.id)
    return {
        "entities": (select(Entry), 2),
        "columns": (select(Entry.id, Entry.kind), 2),
        "a join": (select(Page.id, Entry.revision).join(Entry, Entry.id == Page.id), 2),
        "a join of three": (select(Page).join(Entry, Entry.id == Page.id).join(Text, Text.entry_id == Entry.id), 3),
        "an outer join": (select(Entry.id, Text.id).outerjoin(Text, Text.entry_id == Entry.id), 3),
        "a product": (select(Entry.id, Text.id).where(Text.entry_id == Entry.id), 3),
        "an alias": (select(other.id, Entry.id).join(other, other.id == Entry.id), 2),
        "exists": (select(Entry).where(exists().where(Text.entry_id == Entry.id, Text.language == "en")), 1),
        "exists alone": (select(exists().where(Text.language == "en")), 1),
        "not exists": (select(Entry).where(~select(Text.id).where(Text.entry_id == Entry.id).exists()), 0),
        "in": (select(Entry).where(Entry.id.in_(select(Text.entry_id).where(Text.language == "en"))), 1),
        "in a list": (select(Entry).where(Entry.kind.in_(["page", "event"])), 2),
        "scalar subquery": (select(Text.id, newest), 3),
        "subquery": (select(inner.c.id), 2),
        "union": (union(select(Entry.id), select(Text.id)), 5),
        "union inside": (select(union(select(Entry.id), select(Text.id)).subquery().c[0]), 5),
        "common table": (select(with_texts.c.entry_id), 2),
        "recursive common table": (select(below.c.id), 2),
        "count": (select(func.count()).select_from(Entry).having(func.count() > 0), 1),
        "grouped": (select(Text.entry_id, counted).group_by(Text.entry_id).having(counted > 1), 1),
        "ordered and cut": (select(Entry).order_by(Entry.id.desc()).limit(1).offset(1), 1),
        "distinct": (select(Text.language).distinct(), 2),
        "locked": (select(Entry).with_for_update(), 2),
        "global tables": (select(Language).where(Language.slug.in_(["de", "en"])), 2),
        "a global table joined": (select(Language).join(TenantLanguage, TenantLanguage.language == Language.slug), 3),
        "a cast": (select(cast(literal(1), Boolean)), 1),
    }


def test_ordinary_reads_see_all_of_ones_own_and_nothing_else(city, other_city, tree, foreign):
    translate(other_city, foreign, "en", "Strange")
    seen = {}
    for shape, (statement, _) in reads().items():
        with city.write() as db:  # writing, because a lock may be asked for
            seen[shape] = len(db.execute(statement).all())
    assert seen == {shape: rows for shape, (_, rows) in reads().items()}


def test_a_count_counts_ones_own(city, tree, foreign):
    with city.read() as db:
        assert db.scalar(select(func.count()).select_from(Entry)) == 2
        assert db.scalar(select(func.count()).select_from(select(Entry).subquery())) == 2
        assert db.query(Entry).count() == 2


def test_a_row_is_found_by_key_in_its_own_city_alone(city, other_city, page, foreign):
    with city.read() as db:
        assert db.get(Entry, (city.tenant_id, page)).id == page
        assert db.get(Entry, (other_city.tenant_id, foreign)) is None
        assert db.get(Entry, (city.tenant_id, foreign)) is None


def test_a_row_is_read_again(city, page):
    with city.read() as db:
        entry = db.get(Entry, (city.tenant_id, page))
        db.refresh(entry)
        db.expire(entry)
        assert entry.kind == "page"
        assert db.scalars(select(Entry).execution_options(populate_existing=True)).one() is entry


def test_a_row_of_the_other_city_cannot_be_read_again_by_its_number(city, foreign):
    stranger = Entry(tenant_id=city.tenant_id, id=foreign)
    make_transient_to_detached(stranger)
    with city.read() as db:
        db.add(stranger)
        with pytest.raises(ObjectDeletedError):
            _ = stranger.kind


@pytest.mark.parametrize("synchronize", ["auto", "fetch", "evaluate", False])
def test_changes_by_condition_touch_ones_own_rows_alone(city, page, foreign, nothing_changes, synchronize):
    options = {"synchronize_session": synchronize}
    with city.write() as db:
        everywhere = update(Head).where(Head.kind == "page").values(seq=7)
        db.execute(everywhere, execution_options=options)
        touched = update(Entry).where(Entry.id.in_([page, foreign])).values(revision=9).returning(Entry.id)
        assert db.scalars(touched, execution_options=options).all() == [page]
        gone = delete(Head).where(Head.kind == "page")
        assert db.execute(gone, execution_options=options).rowcount == 1
    with city.read() as db:
        assert db.scalars(select(Entry.revision)).all() == [9]


def test_a_change_may_ask_another_table(city, page, foreign, nothing_changes):
    in_german = select(Text.entry_id).where(Text.language == "de")
    with city.write() as db:
        assert db.execute(update(Entry).where(Entry.id.in_(in_german)).values(revision=9)).rowcount == 1


def test_many_rows_are_written_in_bulk(city, page, nothing_changes):
    with city.write() as db:
        db.execute(insert(Entry), [new_entry(city, number) for number in range(1, 1001)])
        db.execute(insert(Entry).values([new_entry(city, number) for number in range(1001, 1011)]))
        db.connection().execute(insert(ENTRIES), [new_entry(city, number) for number in range(1011, 1021)])
        db.bulk_insert_mappings(Entry, [new_entry(city, 1021)])
        db.bulk_save_objects([Entry(**new_entry(city, 1022))])
        key = {"tenant_id": city.tenant_id}
        db.execute(update(Entry), [{**key, "id": number, "revision": 2} for number in range(1, 1001)])
    with city.read() as db:
        assert db.scalar(select(func.count()).select_from(Entry)) == 1023
        assert db.scalar(select(func.count()).where(Entry.revision == 2)) >= 1000


def test_many_rows_are_added_changed_and_deleted_through_the_session(city, nothing_changes):
    with city.write() as db:
        db.add_all(Entry(**{**new_entry(city, number), "tenant_id": None}) for number in range(1, 1001))
        db.flush()
        for entry in db.scalars(select(Entry)):
            entry.revision = 5
        db.flush()
        db.delete(db.get(Entry, (city.tenant_id, 1)))
        db.flush()
        for entry in db.scalars(select(Entry).where(Entry.id <= 10)):
            db.delete(entry)
    with city.read() as db:
        assert db.execute(select(func.count(), func.min(Entry.revision)).select_from(Entry)).one() == (990, 5)


def test_an_upsert_of_ones_own_row_is_fine(city, database, page, nothing_changes):
    statement = upsert(database).values(**new_entry(city, page))
    with city.write() as db:
        db.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "id"], set_={"revision": 7}))
        db.execute(statement.on_conflict_do_nothing())
    with city.read() as db:
        assert db.scalars(select(Entry.revision)).all() == [7]


def test_a_part_of_a_unit_of_work_can_be_undone(city, nothing_changes):
    with city.write() as db:
        with db.begin_nested():
            db.add(Entry(**new_entry(city, 1)))
        with db.begin_nested() as part:
            db.add(Entry(**new_entry(city, 2)))
            db.flush()
            part.rollback()
    with city.read() as db:
        assert db.scalars(select(Entry.id)).all() == [1]


def test_two_cities_are_served_in_turn_with_the_same_statements(city, other_city, page, foreign):
    for _ in range(3):
        for one, own in ((city, page), (other_city, foreign)):
            with one.read() as db:
                assert db.scalars(select(Entry.id).where(Entry.kind == "page")).all() == [own]
                assert db.scalars(select(TenantClock.tenant_id)).all() == [one.tenant_id]


def test_a_bound_value_is_found_behind_words_with_question_marks(city, page, foreign):
    with city.read() as db:
        statement = select(Entry.id, literal_column("'wer, wie? FROM text'")).where(Entry.kind == "page")
        assert db.execute(statement).all() == [(page, "wer, wie? FROM text")]


# Inside the database


def switched_off(db):
    """Every statement of this session crosses the application's wall, as if nobody had written it."""
    event.listen(db, "do_orm_execute", lambda state: state.update_execution_options(crosses="test"))
    return {"execution_options": {"crosses": "test"}}


def test_postgresql_shows_a_forgotten_filter_ones_own_rows_alone(city, database, page, foreign):
    if database.is_sqlite:
        pytest.skip("SQLite has no wall for reads inside the database: there the session and the engine guard them")
    with city.read() as db:
        off = switched_off(db)
        assert db.execute(select(ENTRIES.c.id), **off).scalars().all() == [page]
        assert db.execute(text("SELECT id FROM entry"), **off).scalars().all() == [page]
        assert db.scalars(select(Entry.id), **off).all() == [page]


def test_the_database_refuses_foreign_rows_when_the_filter_is_forgotten(city, other_city, page, nothing_changes):
    """Both databases refuse writes. Reads are covered by PostgreSQL alone: SQLite knows no rights."""
    with pytest.raises(DBAPIError), city.write() as db:
        db.connection().execute(insert(ENTRIES), [new_entry(other_city, 1)], execution_options={"crosses": "test"})
    with pytest.raises(DBAPIError), city.write() as db:
        db.execute(update(ENTRIES).values(tenant_id=other_city.tenant_id), **switched_off(db))


def test_the_database_leaves_foreign_rows_alone_when_the_where_is_forgotten(city, page, nothing_changes):
    touches_nothing_foreign(city, update(ENTRIES).values(kind="x"))
    touches_nothing_foreign(city, delete(ENTRIES))


def test_the_driver_itself_cannot_write_foreign_rows(city, other_city, foreign, nothing_changes):
    """Below SQLAlchemy there is only the database."""
    with city.write() as db, closing(db.connection().connection.cursor()) as cursor:
        if city.database.is_sqlite:
            with pytest.raises(sqlite3.DatabaseError, match="another tenant"):
                cursor.execute("DELETE FROM head WHERE tenant_id = ?", (other_city.tenant_id,))
        else:
            cursor.execute("DELETE FROM head WHERE tenant_id = %s", (other_city.tenant_id,))
            assert cursor.rowcount == 0


def touches_nothing_foreign(city, statement):
    """PostgreSQL does not see foreign rows, SQLite stops at the first one; the statement has no condition."""
    with city.write() as db:
        off = switched_off(db)
        if city.database.is_sqlite:
            with pytest.raises(DBAPIError, match="another tenant"):
                db.execute(statement, **off)
            db.rollback()
        else:
            assert db.execute(statement, **off).rowcount == 1
