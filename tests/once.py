"""What a process need do only once, however many applications its tests make. It halves the time of the suite."""

from __future__ import annotations

import gc
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from cityinfo.features.search import Misses

_code: dict[str, bytes] = {}
_builders: dict[tuple[Any, ...], Any] = {}
_compile_builder = Rule._compile_builder


class _Kept(BytecodeCache):
    """Compiled templates, by what they say."""

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := _code.get(f"{bucket.key} {bucket.checksum}")) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        _code[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    """How addresses are made hangs on what a rule says alone; the function finds the rule's converters when called."""
    key = (rule.rule, rule.subdomain, rule.host, tuple(sorted((rule.defaults or {}).items())), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def prepare() -> None:
    """Compile templates and addresses once, and look for garbage where tests leave it, not in all that was imported."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Kept()}
    Rule._compile_builder = _builder
    Misses.__init__.__kwdefaults__["every"] = 3600.0  # half a minute later another test has the database
    gc.freeze()
    gc.set_threshold(50_000, 10, 5)
