"""Functions fit on half a screen, files on a few."""

from __future__ import annotations

import pytest

from tests.architecture.code import modules

LONGEST_FUNCTION = 30
LONGEST_FILE = 400
EXCEPTIONS: dict[str, str] = {}


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_functions_and_files_stay_short(module):
    long = {name: length for name, length in module.functions() if length > LONGEST_FUNCTION}
    long = {name: length for name, length in long.items() if f"{module.name}.{name}" not in EXCEPTIONS}
    assert not long, f"{module.name}: {long}"
    assert len(module.lines) <= LONGEST_FILE, f"{module.name} has {len(module.lines)} lines"


def test_every_exception_is_still_needed():
    long = {f"{one.name}.{name}" for one in modules() for name, length in one.functions() if length > LONGEST_FUNCTION}
    assert set(EXCEPTIONS) <= long
