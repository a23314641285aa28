"""The wall between tenants, in the application. `policies.py` is the same wall inside the database.

Layer 1 adds the tenant to every ORM statement and refuses foreign rows, when they enter a session and when it is
flushed. Layer 2 stands on the engine, where everything must pass. What layer 1 did not see (text, Core, bulk work, the
raw connection) is refused there unless the statement says ``execution_options(crosses="why")``; what it did see must
bind the connection's own tenant beside every use of a tenant's table.
"""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Column, Connection, Delete, Engine, Insert, MetaData, TextClause, Update, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, ReleaseSavepointClause, RollbackToSavepointClause, SavepointClause
from sqlalchemy.sql.expression import SelectBase, TableClause, UpdateBase

from .errors import Leak


class Everyone(enum.Enum):
    """Who, when it is not one tenant."""

    EVERY_TENANT = "every tenant"
    NO_TENANT = "no tenant"


EVERY_TENANT = Everyone.EVERY_TENANT  # reads across tenants
NO_TENANT = Everyone.NO_TENANT  # global tables only
Whose = int | Everyone

_SEEN_BY_LAYER_1 = "tenant_criterion_added"
_SAVEPOINTS = (SavepointClause, RollbackToSavepointClause, ReleaseSavepointClause)


def check_purpose(whose: Whose, *, write: bool, reason: str) -> None:
    """Crossing tenants is spoken aloud and only reads."""
    if whose is EVERY_TENANT and (write or not reason):
        raise Leak("Work on every tenant is read-only and needs a reason.")
    if isinstance(whose, bool) or not isinstance(whose, int | Everyone):
        raise Leak(f"{whose!r} is not a tenant.")


# Layer 1: the session


def guard_sessions(sessions: sessionmaker[Any], owned: type) -> None:
    """Bind every statement and every row of these sessions to the session's tenant."""

    def on_execute(state: ORMExecuteState) -> None:
        _add_criterion(state, owned)

    def on_flush(session: Session, *_: object) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            if isinstance(row, owned):
                _stamp(row, session)

    def on_attach(session: Session, row: Any) -> None:
        if isinstance(row, owned):
            _check_origin(row, session)

    event.listen(sessions, "do_orm_execute", on_execute)
    event.listen(sessions, "before_flush", on_flush)
    event.listen(sessions, "before_attach", on_attach)


def _add_criterion(state: ORMExecuteState, owned: type) -> None:
    if state.execution_options.get("crosses"):
        return
    if state.is_from_statement:
        raise Leak("from_statement() cannot be bound to a tenant.")
    bulk = isinstance(state.parameters, list | tuple)
    if state.is_insert or bulk or not _names_only_entities(state):
        return  # layer 2 looks at every row, and refuses what is neither ORM nor a change
    whose = state.session.whose  # type: ignore[attr-defined]
    if isinstance(whose, int):
        state.statement = state.statement.options(_criterion(state.session, owned, whose))
    state.update_execution_options(**{_SEEN_BY_LAYER_1: True})


def _names_only_entities(state: ORMExecuteState) -> bool:
    """Whether the criterion reaches this statement: it is added to entities, never to bare tables or to text."""
    if state.is_orm_statement:
        return True
    # `select(exists().where(Entry.id == 1))` has no entity of its own and yet consists of nothing else.
    parts = visitors.iterate(cast("ClauseElement", state.statement))
    return state.is_select and all("parententity" in part._annotations for part in parts if isinstance(part, Column))


def _criterion(session: Session, owned: type, tenant: int) -> Any:
    option = session.info.get("tenant_criterion")
    if option is None:
        option = with_loader_criteria(owned, lambda table: table.tenant_id == tenant, include_aliases=True)
        session.info["tenant_criterion"] = option
    return option


def _stamp(row: Any, session: Any) -> None:
    if row.tenant_id is None:
        row.tenant_id = session.tenant_id
    if row.tenant_id != session.whose:
        raise Leak(f"A row of {type(row).__name__} belongs to another tenant.")


def _check_origin(row: Any, session: Any) -> None:
    """A row of one tenant never enters another tenant's session, not even to be looked at."""
    state = inspect(row)
    known = state.dict.get("tenant_id")  # what was loaded long ago may have expired; its key stays
    if known not in (None, session.whose) or (state.identity and state.identity[0] != session.whose):
        raise Leak(f"A row of {type(row).__name__} belongs to another tenant.")


# Layer 2: the engine


def guard_engine(engine: Engine, metadata: MetaData) -> None:
    """Refuse on this engine whatever is not provably bound to the connection's tenant."""
    owned = frozenset(table.name for table in metadata.tables.values() if "tenant_id" in table.c)
    aliases = _AliasCheck(owned)

    def before_execute(
        connection: Connection, element: Any, multi: Any, params: Any, options: Mapping[str, Any]
    ) -> None:
        _check_element(connection, element, multi or [params or {}], options, owned)

    def before_cursor(connection: Connection, cursor: Any, sql: str, params: Any, context: Any, many: bool) -> None:
        if context.execution_options.get("crosses"):
            return
        if context.compiled is None:
            raise Leak(f"Raw SQL needs execution_options(crosses=…): {sql[:80]}")
        if not context.isinsert:
            aliases.check(sql, params if many else [params], _whose(connection))

    event.listen(engine, "before_execute", before_execute)
    event.listen(engine, "before_cursor_execute", before_cursor)


def _whose(connection: Connection) -> Whose:
    whose: Whose | None = connection.get_execution_options().get("whose")
    if whose is None:
        raise Leak("This connection belongs to no unit of work.")
    return whose


def _check_element(
    connection: Connection, element: Any, rows: Sequence[Mapping[str, Any]], options: Mapping[str, Any], owned: Any
) -> None:
    if options.get("crosses"):
        return
    whose = _whose(connection)
    if isinstance(element, Insert | Update | Delete):
        if whose is EVERY_TENANT:
            raise Leak("Work on every tenant is read-only.")
        if isinstance(element, Insert) and _contains_statement(element):
            raise Leak("A statement inside an INSERT cannot be bound to a tenant.")
        if _table(element) in owned:
            _check_change(element, rows, whose, bound=bool(options.get(_SEEN_BY_LAYER_1)))
    elif not options.get(_SEEN_BY_LAYER_1) and not isinstance(element, _SAVEPOINTS):
        raise Leak(
            f"{type(element).__name__} is not bound to a tenant; use the ORM or say execution_options(crosses=…)."
        )


def _table(element: Insert | Update | Delete) -> str:
    if not isinstance(element.table, TableClause):
        raise Leak("A change of an alias cannot be bound to a tenant.")
    return element.table.name


def _check_change(
    element: Insert | Update | Delete, rows: Sequence[Mapping[str, Any]], tenant: Whose, *, bound: bool
) -> None:
    if isinstance(element, Insert):
        _check_insert(element, rows, tenant)
        return
    key = "tenant_id" if isinstance(element, Delete) else f"{_table(element)}_tenant_id"  # as a flush names them
    if not bound and any(row.get(key) != tenant for row in rows):
        raise Leak(f"A change of {_table(element)} is not bound to the tenant.")
    if isinstance(element, Update) and any(_new_tenants(element, rows, moved_from=key)):
        raise Leak(f"A row of {_table(element)} cannot change its tenant.")


def _check_insert(element: Insert, rows: Sequence[Mapping[str, Any]], tenant: Whose) -> None:
    if "tenant_id" in _plain(getattr(element._post_values_clause, "update_values_to_set", {})):  # ON CONFLICT DO UPDATE
        raise Leak(f"A row of {_table(element)} cannot change its tenant.")
    for values in _inserted(element):
        for row in rows:
            if {**values, **row}.get("tenant_id") != tenant:
                raise Leak(f"A new row of {_table(element)} does not carry the tenant.")


def _contains_statement(element: Insert) -> bool:
    inner = (part for part in visitors.iterate(element) if part is not element)
    if any(isinstance(part, SelectBase | UpdateBase | TextClause) for part in inner):
        return True
    many = _inserted(element) if element._multi_values else []
    return any(isinstance(value, ClauseElement) for group in many for value in group.values())


def _inserted(element: Insert) -> list[dict[str, Any]]:
    groups = [dict(group) for many in element._multi_values for group in many]
    return [_plain(group) for group in groups or [element._values or {}]]


def _new_tenants(element: Update, rows: Iterable[Mapping[str, Any]], *, moved_from: str) -> Iterable[Any]:
    if "tenant_id" in _plain(element._values or {}):
        yield "named in values()"
    yield from (row["tenant_id"] for row in rows if "tenant_id" in row and row["tenant_id"] != row.get(moved_from))


def _plain(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {getattr(key, "key", key): getattr(value, "value", value) for key, value in values.items()}


_Alias = tuple[str, int, Sequence[int | str]]  # name, how often it is used, where its tenant is bound


class _AliasCheck:
    """Every use of a tenant's table in emitted SQL must stand beside its own ``tenant_id = <the tenant>``.

    Each distinct statement is read once; afterwards it is a look-up and a comparison of bound values. What is known is
    bounded: statements with many different IN lists compile to few texts, but nothing here may grow without end.
    """

    _MOST = 20_000
    _LITERAL = re.compile(r"'[^']*'")
    _INNER_CHANGE = re.compile(r"\(\s*(?:INSERT INTO|UPDATE|DELETE FROM)\b", re.IGNORECASE)
    _BIND = r"(\?|%\([^)]+\)s)"

    def __init__(self, owned: Iterable[str]) -> None:
        names = "|".join(sorted(owned))
        self._uses = re.compile(
            rf'(?:\bFROM|\bJOIN|\bUPDATE|\bUSING|,)\s+\(*"?({names})"?(?=[\s,)]|$)(?:\s+AS\s+"?(\w+)"?)?',
            re.IGNORECASE,
        )
        self._known: dict[str, Sequence[_Alias]] = {}

    def check(self, sql: str, rows: Iterable[Any], tenant: Whose) -> None:
        aliases = self._known.get(sql)
        if aliases is None:
            aliases = self._read(sql)
            if len(self._known) >= self._MOST:
                self._known.clear()
            self._known[sql] = aliases
        for name, uses, binds in aliases if tenant is not EVERY_TENANT else ():
            bound = min((sum(row[bind] == tenant for bind in binds) for row in rows), default=0)
            if bound < uses:
                raise Leak(f"{name} is used {uses} times and bound to the tenant {bound} times.")

    def _read(self, sql: str) -> Sequence[_Alias]:
        sql = self._LITERAL.sub("''", sql)
        if self._INNER_CHANGE.search(sql):
            raise Leak("A change inside another statement cannot be bound to a tenant.")
        uses = Counter(use[2] or use[1] for use in self._uses.finditer(sql))
        return [(name, count, self._binds(sql, name)) for name, count in uses.items()]

    def _binds(self, sql: str, alias: str) -> Sequence[int | str]:
        """Where the values bound to the alias's ``tenant_id`` stand among the parameters: by number or by name."""
        found = re.finditer(rf'(?<![\w"])"?{re.escape(alias)}"?\.tenant_id\s*=\s*{self._BIND}', sql)
        return [sql.count("?", 0, one.start(1)) if one[1] == "?" else one[1][2:-2] for one in found]
