"""Single doors: some things are done in one place, so that looking there is enough."""

from __future__ import annotations

import ast
from dataclasses import dataclass

import pytest

from tests.architecture.source import Module, dotted, modules


@dataclass(frozen=True)
class Door:
    """Names that only these modules may use, and why each of them does."""

    names: frozenset[str]
    open_to: dict[str, str]


DOORS = {
    "the environment": Door(
        frozenset({"os.environ", "os.environb", "os.getenv", "os.putenv"}),
        {"settings": "every setting is read here and nowhere else"},
    ),
    "the wall clock": Door(
        frozenset({"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime"}),
        {"kernel.clock": "tells the time to everyone"},  # monotonic and perf_counter measure, they tell no time
    ),
    "the wall clock in nanoseconds": Door(
        frozenset({"time.time_ns"}), {"kernel.ids": "an identity starts with milliseconds; it is no date"}
    ),
    "S3": Door(frozenset({"boto3", "botocore"}), {"adapters.s3": "talks to S3"}),
    "the driver below the wall": Door(
        frozenset({".raw_connection", ".driver_connection", ".dbapi_connection", ".connection.cursor"}), {}
    ),
    "the driver's own SQL": Door(
        frozenset({".exec_driver_sql"}), {"kernel.db": "opens transactions and tells the database the tenant"}
    ),
    "committing": Door(frozenset({".commit"}), {"kernel.db": "ends every unit of work"}),
    "making sessions": Door(
        frozenset({"sessionmaker", "create_engine"}),
        {"kernel.db": "makes sessions that belong to a tenant", "schema": "migrates as the owner of the tables"},
    ),
    "loading what can run code": Door(frozenset({"pickle", "marshal", "shelve", "yaml"}), {}),
}


def uses(module: Module) -> set[str]:
    """Names as a door writes them: `a.b` where it is read or imported, `.b` for an attribute of anything."""
    found: set[str] = set()
    for name in module.imports():
        parts = name.split(".")
        found |= {".".join(parts[-2:]), parts[-1], parts[0]}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            parts = dotted(node).split(".")
            found |= {".".join(parts[-2:]), f".{parts[-1]}", "." + ".".join(parts[-2:])}
    return found


@pytest.mark.parametrize("name", DOORS)
def test_only_the_doorkeeper_uses_it(name):
    door = DOORS[name]
    found = {module.name: uses(module) & door.names for module in modules() if module.name not in door.open_to}
    assert {where: names for where, names in found.items() if names} == {}


@pytest.mark.parametrize("name", DOORS)
def test_every_door_is_still_used(name):
    """A door to a part that is not written yet may stay; one that nobody goes through any more is taken away."""
    known = {module.name: module for module in modules()}
    for where, reason in DOORS[name].open_to.items():
        assert reason
        if where in known:
            assert uses(known[where]) & DOORS[name].names, f"{where} no longer needs {name}"


# Past the tenant filter


def crossings(module: Module) -> list[int]:
    """Lines that could pass the filter: raw SQL, bare tables, Core inserts, the spoken exception."""
    partial_indexes = {
        id(inner)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and (node.arg or "").endswith("_where")
        for inner in ast.walk(node.value)
    }
    return sorted(
        {
            node.lineno
            for node in ast.walk(module.tree)
            if is_crossing(node, raw_sql=imported_from_sqlalchemy(module)) and id(node) not in partial_indexes
        }
    )


def is_crossing(node: ast.AST, *, raw_sql: set[str]) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in raw_sql
    if isinstance(node, ast.Attribute):
        return node.attr in ("__table__", "from_statement")
    return (isinstance(node, ast.keyword) and node.arg == "crosses") or (
        isinstance(node, ast.Constant) and node.value == "crosses"
    )


def imported_from_sqlalchemy(module: Module) -> set[str]:
    """Names under which a module has what makes raw SQL or a Core insert."""
    raw = {"text", "insert", "literal_column", "Table"}
    return {
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in raw
    }


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name or "cityinfo")
def test_a_feature_says_why_it_may_pass_the_tenant_filter(module):
    if not module.name.startswith("features"):
        return
    lines = module.text.splitlines()
    silent = [number for number in crossings(module) if "#" not in lines[number - 1] + lines[number - 2]]
    assert silent == [], f"{module.name}: say in a comment on the line why this may cross the tenant filter"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name or "cityinfo")
def test_the_spoken_exception_has_a_reason(module):
    reasons = [node.value for node in ast.walk(module.tree) if isinstance(node, ast.keyword) and node.arg == "crosses"]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            reasons += [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "crosses"]
    for reason in reasons:
        assert not isinstance(reason, ast.Constant) or (isinstance(reason.value, str) and len(reason.value) > 10)


def test_the_search_for_crossings_finds_them(tmp_path):
    """A test that finds nothing proves nothing."""
    file = tmp_path / "example.py"
    file.write_text(
        "from sqlalchemy import Index, insert, text as sql\n"
        "Index('x', sqlite_where=sql('a'))\n"
        "sql('SELECT 1')\n"
        "insert(Entry)\n"
        "Entry.__table__\n"
        "db.execute(x, execution_options={'crosses': 'y'})\n"
        "fields.text('title')\n",
        "utf-8",
    )
    assert crossings(Module(file)) == [3, 4, 5, 6]
