"""What a process need do only once, however many applications its tests make. It halves the time of the suite."""

from __future__ import annotations

import gc
import time
from types import SimpleNamespace
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from cityinfo.features import deletion, upstream
from cityinfo.features.search import Misses
from cityinfo.kernel import db

_code: dict[str, bytes] = {}
_rules: dict[tuple[Any, ...], dict[str, Any]] = {}
_compile_rule = Rule.compile
_prepare_durable = db._prepare_sqlite


class _Kept(BytecodeCache):
    """Compiled templates, by what they say."""

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := _code.get(f"{bucket.key} {bucket.checksum}")) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        _code[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


def _compile(rule: Rule) -> None:
    """What addresses fit a rule, and how they are made, hangs on what the rule says and on what its words stand for."""
    said = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, tuple(sorted((rule.defaults or {}).items())))
    key = (*said, *rule.map.converters.values())
    if key not in _rules:
        _compile_rule(rule)
        made = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
        _rules[key] = {**made, **{name: getattr(rule, name).__func__ for name in ("_build", "_build_unknown")}}
    known = _rules[key]
    for name in ("_parts", "_trace", "_converters", "arguments"):
        setattr(rule, name, known[name])
    for name in ("_build", "_build_unknown"):
        setattr(rule, name, known[name].__get__(rule))


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """As always, but without waiting for the disk: what tests write need not outlast the machine."""
    _prepare_durable(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


def prepare() -> None:
    """Compile templates and addresses once, and wait neither for the disk nor for others who might want to write."""
    gc.freeze()
    gc.set_threshold(400_000, 3, 5)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Kept()}
    Rule.compile = _compile
    db._prepare_sqlite = _prepare_sqlite
    upstream.jobs.time = deletion.jobs.time = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: None)
    Misses.__init__.__kwdefaults__["every"] = 3600.0  # half a minute later another test has the database


def tidy() -> None:
    """Look for garbage where tests leave it, not in all that was imported and collected."""
    gc.collect()
    gc.freeze()
