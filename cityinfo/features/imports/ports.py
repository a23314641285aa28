"""What imports need from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Addresses(Protocol):
    """Reads what another system publishes under an address."""

    def fetch(self, address: str, *, most: int) -> bytes:
        """The whole answer; `Invalid` when there is none or it has more bytes, `Unavailable` when nobody answers."""
        ...


class Watch(Protocol):
    """Shows a person how far a step has come, by handing out its items one by one."""

    def __call__(self, step: str, items: Sequence[T]) -> Iterable[T]: ...


def unwatched(step: str, items: Sequence[T]) -> Iterable[T]:  # noqa: ARG001 - the signature is the port's
    """Nobody looks."""
    return items
