"""The source of the product as data: which module imports what, which names it uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import cityinfo

ROOT = Path(cityinfo.__file__).parent


@dataclass(frozen=True)
class Module:
    """One file; its name is dotted and leaves `cityinfo` away."""

    path: Path

    @cached_property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    def imports(self) -> Iterator[str]:
        """Full dotted names of what is imported, those inside functions included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                start = ".".join(filter(None, (self._above(node.level), node.module)))
                yield from (f"{start}.{alias.name}" for alias in node.names)

    def ours(self) -> set[str]:
        """The modules of the product that it imports, named like `name`; the product's root is left out."""
        targets = {_module_of(name) for name in self.imports() if name.split(".")[0] == "cityinfo"}
        return targets - {"", self.name}

    def libraries(self) -> set[str]:
        """Top names of everything else that it imports."""
        return {name.split(".")[0] for name in self.imports()} - {"cityinfo"}

    def _above(self, level: int) -> str:
        if not level:
            return ""
        package = self.path.relative_to(ROOT.parent).parent.parts
        return ".".join(package[: len(package) - level + 1])


@cache
def modules() -> list[Module]:
    return [Module(path) for path in sorted(ROOT.rglob("*.py"))]


def is_within(name: str, package: str) -> bool:
    """Whether a module is this package or lies in it."""
    return name == package or name.startswith(f"{package}.")


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a chain of names, as far as it is one."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _module_of(name: str) -> str:
    """The module that a dotted name lies in: `cityinfo.kernel.db.Base` lies in `kernel.db`."""
    parts = name.split(".")[1:]
    while parts and not (ROOT.joinpath(*parts).with_suffix(".py").exists() or ROOT.joinpath(*parts).is_dir()):
        parts.pop()
    return ".".join(parts)
