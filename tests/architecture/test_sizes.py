"""Functions and files small enough to be read at once."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source import Module, modules

MOST_LINES_OF_A_FUNCTION = 30
MOST_LINES_OF_A_FILE = 400

# What is longer, and why it is better that way. Functions as `module:function`.
LONG_FUNCTIONS: dict[str, str] = {}
LONG_FILES: dict[str, str] = {}


def functions(module: Module) -> dict[str, int]:
    """Lines of every function, from `def` to its end."""
    return {
        f"{module.name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def long_functions() -> dict[str, int]:
    found = {name: lines for module in modules() for name, lines in functions(module).items()}
    return {name: lines for name, lines in found.items() if lines > MOST_LINES_OF_A_FUNCTION}


def long_files() -> dict[str, int]:
    found = {module.name: len(module.text.splitlines()) for module in modules()}
    return {name: lines for name, lines in found.items() if lines > MOST_LINES_OF_A_FILE}


def test_functions_are_short():
    assert {name: lines for name, lines in long_functions().items() if name not in LONG_FUNCTIONS} == {}


def test_files_are_short():
    assert {name: lines for name, lines in long_files().items() if name not in LONG_FILES} == {}


@pytest.mark.parametrize(("allowed", "found"), [(LONG_FUNCTIONS, long_functions), (LONG_FILES, long_files)])
def test_every_exemption_is_still_needed_and_says_why(allowed, found):
    assert allowed.keys() - found().keys() == set()
    assert all(allowed.values())
