"""Who may import whom. The tables below are the rule; everything else is how it is read."""

from __future__ import annotations

import importlib
from fnmatch import fnmatch

import pytest

from cityinfo import registry
from tests.architecture.source import Module, is_within, modules

# A part of the product, and the parts it may import besides itself. The longest name that fits counts.
MAY_IMPORT = {
    "kernel": (),
    "features": ("kernel",),  # and earlier features, see below
    "settings": ("kernel.errors",),
    "schema": ("kernel", "settings"),
    "registry": ("kernel", "features"),
    "adapters": ("kernel.errors", "features.*.ports"),
    "web": ("kernel", "settings", "features.tenants", "features.accounts"),
    "api": ("kernel", "features", "web"),
    "api.v1": ("kernel", "features", "web", "api.http"),
    "api.integreat": ("kernel", "features", "web", "api.http"),
    "api.hsds": ("kernel", "features", "web", "api.http"),
    "cms": ("kernel", "features", "web"),
    "reader": ("kernel", "features", "web"),
    "cli": ("kernel", "features", "registry", "settings", "schema", "app"),
    "app": ("*",),
}

# What the table does not allow and is needed all the same.
EXCEPTIONS = {
    ("adapters.huey_queue", "settings"): "chooses SQLite or Redis and its addresses by the settings",
    ("web.bodies", "features.publishing"): "finished answers are built from published documents and their heads",
    ("web.heads", "features.publishing"): "asks for the heads, which say whether a finished answer is still true",
    ("cli.importer", "adapters.integreat"): "an import from the terminal hands the adapter to the feature's port",
    ("cli.worker", "adapters.huey_queue"): "the worker is the queue's consumer",
    ("cli.serve", "web.logs"): "a process sets up its log before it has an application",
    ("cli.worker", "web.logs"): "a process sets up its log before it has an application",
    ("cli.serve", "web.metrics"): "counters of workers that ended are cleared before the first one starts",
    ("cli.worker", "web.bodies"): "the worker compresses finished answers in the store on disk",
}

# Libraries that belong to some parts alone.
LIBRARIES = {
    "flask": ("web", "api", "cms", "reader", "app"),
    "werkzeug": ("web", "api", "cms", "reader"),
    "flask_smorest": ("api",),
    "marshmallow": ("api", "cms"),
    "sqlalchemy": ("kernel", "features", "schema"),
    "alembic": ("schema",),
    "psycopg": (),
    "sqlite3": (),
    "httpx": ("adapters",),
    "huey": ("adapters",),
    "redis": ("adapters",),
    "boto3": ("adapters.s3",),
    "click": ("cli",),
    "granian": ("cli",),
    "nh3": ("kernel",),
    "selectolax": ("kernel",),
}

LIBRARY_EXCEPTIONS = {
    ("web.health", "sqlalchemy"): "asks the database one question that belongs to no tenant and no feature",
    ("cli", "sqlalchemy"): "turns a database error that nobody expected into one line and an exit code",
}

# They treat every kind of content alike, so that a new kind needs no line in them.
KNOW_NO_CONTENT_TYPE = ("publishing", "search", "translation", "quality", "onboarding")

FACES = ("api", "cms", "reader", "cli")


def part_of(name: str) -> str:
    """The part of the product that a module belongs to."""
    return max((part for part in MAY_IMPORT if is_within(name, part)), key=len, default="")


def feature_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if parts[0] == "features" and len(parts) > 1 else ""


def is_allowed(module: Module, target: str) -> bool:
    part = part_of(module.name)
    if feature_of(module.name):
        return feature_of(module.name) == feature_of(target) or may_feature(feature_of(module.name), target)
    if part == part_of(target):
        return True
    return any(fnmatch(target, f"{one}.*") or fnmatch(target, one) for one in MAY_IMPORT[part])


def may_feature(feature: str, target: str) -> bool:
    order = registry.FEATURES
    if feature_of(target) in order and feature in order:
        return order.index(feature_of(target)) < order.index(feature)
    return part_of(target) == "kernel" or target == "features"


def excepted(name: str, target: str, exceptions) -> bool:
    return (name, target) in exceptions


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name or "cityinfo")
def test_a_module_imports_what_its_part_may_import(module):
    if not module.name:
        assert module.ours() == set()
        return
    assert part_of(module.name), f"{module.name} belongs to no part; give it one in MAY_IMPORT"
    wrong = {one for one in module.ours() if not is_allowed(module, one) and not excepted(module.name, one, EXCEPTIONS)}
    assert wrong == set()


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name or "cityinfo")
def test_a_feature_is_imported_by_its_own_name(module):
    """What a feature offers stands in its `__init__`; inner modules are its own. Ports are there for adapters."""
    inner = {
        one
        for one in module.ours()
        if feature_of(one) not in ("", feature_of(module.name)) and one != f"features.{feature_of(one)}"
    }
    if part_of(module.name) == "adapters":
        inner = {one for one in inner if not one.endswith(".ports")}
    assert inner == set()


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name or "cityinfo")
def test_a_library_stays_where_it_belongs(module):
    wrong = {
        library
        for library in module.libraries() & LIBRARIES.keys()
        if not any(is_within(module.name, part) for part in LIBRARIES[library])
        and not excepted(module.name, library, LIBRARY_EXCEPTIONS)
    }
    assert wrong == set()


def content_types() -> set[str]:
    """Features that bring a kind of content."""
    return {
        name
        for name in registry.FEATURES
        for value in vars(importlib.import_module(f"cityinfo.features.{name}")).values()
        if any(value is one for one in registry.CONTENT_TYPES)
    }


@pytest.mark.parametrize("feature", KNOW_NO_CONTENT_TYPE)
def test_what_treats_all_content_alike_knows_no_kind_of_it(feature):
    assert "pages" in content_types()
    for module in modules():
        if feature_of(module.name) == feature:
            assert {feature_of(one) for one in module.ours()} & content_types() == set(), module.name


def test_faces_do_not_know_each_other():
    """Stated once more in words, because the table could be changed without thinking of it."""
    for module in modules():
        for face in FACES:
            others = [one for one in FACES if one != face]
            if is_within(module.name, face):
                assert not {one for one in module.ours() if any(is_within(one, other) for other in others)}, module.name


def test_versions_of_the_api_do_not_know_each_other():
    versions = ("api.v1", "api.integreat", "api.hsds")
    for module in modules():
        for version in versions:
            others = [one for one in versions if one != version]
            if is_within(module.name, version):
                assert not {one for one in module.ours() if any(is_within(one, other) for other in others)}, module.name


def test_nobody_but_the_terminal_imports_the_application():
    assert {part_of(module.name) for module in modules() if "app" in module.ours()} <= {"cli"}


def test_every_exception_is_still_needed():
    used = {(module.name, one) for module in modules() for one in module.ours() if not is_allowed(module, one)}
    assert EXCEPTIONS.keys() - used == set()
    libraries = {(module.name, library) for module in modules() for library in module.libraries()}
    assert LIBRARY_EXCEPTIONS.keys() - libraries == set()


def test_every_exception_says_why():
    assert all(reason.strip() for reason in (*EXCEPTIONS.values(), *LIBRARY_EXCEPTIONS.values()))
