"""The code of the product as data: who imports whom, which functions and lines there are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2] / "cityinfo"


@dataclass(frozen=True)
class Module:
    """One file, under its dotted name without `cityinfo.`; a package has the name of its folder."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def imports(self) -> frozenset[str]:
        """Dotted names of everything imported, ours without `cityinfo.`, relative ones resolved."""
        return self._imports

    @cached_property
    def _imports(self) -> frozenset[str]:
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = self._base(node)
                found |= {f"{base}.{alias.name}" for alias in node.names}
        return frozenset(name.removeprefix("cityinfo.") for name in found)

    def functions(self) -> Iterator[tuple[str, int]]:
        """Names and lengths in lines."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]
        return ".".join(part for part in ("cityinfo", package, node.module) if part)


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the product."""
    return tuple(_module(path) for path in sorted(ROOT.rglob("*.py")))


def _module(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, path.read_text("utf-8"))


def stands_in(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")
