"""The database: tables' base, tenant-bound sessions and the one place that commits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ForeignKeyConstraint,
    MetaData,
    Text,
    create_engine,
    event,
    make_url,
    update,
)
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from . import facts, wall
from .errors import Invalid, Unavailable
from .ids import Identities
from .wall import EVERY_TENANT, NO_TENANT, Whose

__all__ = ["EVERY_TENANT", "NO_TENANT", "Base", "Database", "Moment", "Session", "TenantClock", "TenantOwned", "Work"]


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables. Constraint names follow one pattern, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        int: BigInteger,
        str: Text,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[list[float]]: JSON,
    }


class TenantOwned:
    """A table whose rows belong to one tenant. The tenant is part of every key, so rows can be kept apart by it."""

    tenant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-2)


def same_tenant(column: str, target: str, *, cascade: bool = False, **options: Any) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the tenant. `target` is ``table.column``."""
    table = target.split(".")[0]
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", target], ondelete="CASCADE" if cascade else None, **options
    )


class TenantClock(TenantOwned, Base):
    """The tenant's clock. Every writing unit of work updates it first, so sequence order is commit order."""

    __tablename__ = "clock"

    seq: Mapped[int]
    epoch: Mapped[int]


class Work(Session):
    """A session that belongs to one tenant for its whole life, with the number of the unit of work it serves."""

    def __init__(self, *, database: Database, whose: Whose, **options: Any) -> None:
        super().__init__(**{**options, "bind": database.engine, "expire_on_commit": False})
        self._database = database
        self._whose = whose
        self.seq = 0
        self.epoch = 0
        self.told: list[object] = []
        self.delivering = False
        self.after_commit: list[Callable[[], None]] = []

    @property
    def database(self) -> Database:
        return self._database

    @property
    def whose(self) -> Whose:
        """The tenant, `EVERY_TENANT` or `NO_TENANT`. It cannot be changed: what was loaded stays true."""
        return self._whose

    @property
    def tenant_id(self) -> int:
        """The tenant; refuses where there is not exactly one."""
        if not isinstance(self._whose, int):
            raise TypeError("This unit of work belongs to no single tenant.")
        return self._whose

    def new_id(self) -> int:
        return self._database.identities.next()

    def deliver(self) -> None:
        facts.deliver(self, self._database.subscribers)


class Database:
    """One database, the identities made for it and who listens to what happens in it."""

    def __init__(
        self,
        url: str,
        *,
        identities: Identities,
        platform_role: str = "cityinfo_platform",
        subscribers: facts.Subscribers = (),
        pool_size: int = 8,
    ) -> None:
        self.identities = identities
        self.subscribers = subscribers
        self.wake: Callable[[int, int], None] | None = None
        self.engine = _engine(url, pool_size)
        self._platform_role = platform_role
        self._one_writer = threading.Lock()
        wall.guard_engine(self.engine, Base.metadata)
        self._sessions = sessionmaker(class_=Work)
        wall.guard_sessions(self._sessions, TenantOwned)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def unit_of_work(
        self, whose: Whose, *, write: bool = False, numbered: bool = True, reason: str = ""
    ) -> Iterator[Work]:
        """A session for one tenant: reads see one snapshot, writes are kept all together or not at all.

        `write` must be said beforehand: SQLite cannot turn a read into a write. A numbered write takes the next number
        of the tenant's clock and so waits for the tenant's other writers; `numbered=False` is for rows that no reader
        of published content sees (a job's lease). `EVERY_TENANT` reads across tenants and needs a reason.
        Raises `Unavailable` when the database does not answer.
        """
        wall.check_purpose(whose, write=write, reason=reason)
        with self._turn(write), _database_trouble():
            db = self._sessions(database=self, whose=whose)
            try:
                connection = db.connection(execution_options=self._options(whose, write))
                self._tell_database(connection, whose)
                if write and numbered and isinstance(whose, int):
                    _take_number(db)
                yield db
                if write:
                    db.deliver()
                    db.commit()
            except BaseException:
                db.rollback()
                raise
            finally:
                db.close()  # ends a read without a rollback, which would empty what was loaded
        for action in db.after_commit:
            action()

    def dispose(self) -> None:
        """Close all connections and give the identity slot back."""
        self.engine.dispose()
        self.identities.release()

    def _turn(self, write: bool) -> AbstractContextManager[Any]:
        return self._one_writer if write and self.is_sqlite else nullcontext()

    def _options(self, whose: Whose, write: bool) -> dict[str, Any]:
        snapshot = {} if write or self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        return {"whose": whose, "write": write, **snapshot}

    def _tell_database(self, connection: Connection, whose: Whose) -> None:
        if self.is_sqlite:
            connection.info["tenant"] = whose if isinstance(whose, int) else None
        elif isinstance(whose, int):
            _set_config(connection, "app.tenant", str(whose))
        elif whose is EVERY_TENANT:
            _set_config(connection, "role", self._platform_role)


def _set_config(connection: Connection, name: str, value: str) -> None:
    connection.exec_driver_sql(
        "SELECT set_config(%s, %s, true)", (name, value), execution_options={"crosses": "tells the database the tenant"}
    )


def _take_number(db: Work) -> None:
    statement = update(TenantClock).values(seq=TenantClock.seq + 1).returning(TenantClock.seq, TenantClock.epoch)
    row = db.execute(statement, execution_options={"synchronize_session": False}).one_or_none()
    if row is not None:
        db.seq, db.epoch = row
        return
    db.seq, db.epoch = 1, db.new_id()
    db.add(TenantClock(seq=db.seq, epoch=db.epoch))
    db.flush()


def _engine(url: str, pool_size: int) -> Engine:
    sqlite = make_url(url).get_backend_name() == "sqlite"
    options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "pool_timeout": 10}
    if sqlite:
        options["connect_args"] = {"timeout": 30, "check_same_thread": False}
    else:
        options["connect_args"] = {"cursor_factory": _binary_cursor()}
    # Parameters are people's words and must not reach a log through an error message.
    engine = create_engine(url, hide_parameters=True, **options)
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _refuse_unsafe_role)
    return engine


def _binary_cursor() -> type[Any]:
    """A cursor that is answered in binary: documents are bytes, which PostgreSQL would write out in twice as many."""
    from psycopg import Cursor, pq  # a database file needs no driver

    class BinaryCursor(Cursor[Any]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.format = pq.Format.BINARY

    return BinaryCursor


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver would begin too late
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")
    record.info["tenant"] = None
    connection.create_function("app_tenant", 0, lambda: record.info["tenant"])


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("write")
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if immediate else "BEGIN", execution_options={"crosses": "opens the transaction"}
    )


def _refuse_unsafe_role(connection: Any, record: Any) -> None:
    """Every new connection is asked: a role that looks past row-level security must not serve."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        unsafe = cursor.fetchone()[0]
    connection.rollback()
    if unsafe:
        raise Invalid(
            "database.role",
            "The database role is superuser or has BYPASSRLS, so cities would not be kept apart; "
            "set CITYINFO_DATABASE_URL to a role without these rights.",
        )


@contextmanager
def _database_trouble() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as trouble:
        if not _is_absence(trouble):
            raise
        raise Unavailable("database.down", "The database does not answer; try again in a moment.") from trouble


def _is_absence(trouble: Exception) -> bool:
    if isinstance(trouble, DBAPIError) and type(trouble.orig).__module__.startswith("sqlite3"):
        return any(word in str(trouble.orig) for word in ("locked", "unable to open", "disk"))
    return True
