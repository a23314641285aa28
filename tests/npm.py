"""Libraries that others use in their programs, asked what they make of what we write."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def install(folder: Path, package: str) -> Path:
    """A folder with one package of npm, at exactly this version."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), package]
    if subprocess.run(command, capture_output=True, timeout=60, check=False).returncode:
        pytest.skip("npm reaches no registry")
    return folder


def ask(folder: Path, script: str, asked: str) -> Any:
    """What a script answers in JSON to a text on its standard input."""
    node = shutil.which("node")
    assert node is not None
    answer = subprocess.run([node, "-e", script], input=asked, capture_output=True, text=True, cwd=folder, check=True)
    return json.loads(answer.stdout)
