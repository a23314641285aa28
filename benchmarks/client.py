"""A load generator for machines without wrk: many connections in one process, as little Python a request as possible.

`python -m benchmarks.client PORT PATH SECONDS CONNECTIONS [HEADER…]` prints one line of JSON, as wrk.lua does.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

_GOOD = (b"HTTP/1.1 2", b"HTTP/1.1 3")
_LENGTH = b"\r\ncontent-length: "
_buffer = bytearray(1 << 20)


class _Broken(Exception):
    """The server closed a connection, or sent something else than HTTP."""


@dataclass(slots=True)
class _Tally:
    requests: int = 0
    bytes: int = 0
    failures: int = 0
    seconds: array[float] = field(default_factory=lambda: array("d"))


class _Connection:
    """One request after the other, the next when the answer is complete."""

    def __init__(self, port: int, request: bytes, tally: _Tally) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._tally = tally
        self._head = b""
        self._missing = 0
        self.ask()

    def ask(self) -> None:
        self._started = time.perf_counter()
        self.socket.sendall(self._request)

    def receive(self) -> None:
        size = self.socket.recv_into(_buffer)
        if not size:
            raise _Broken
        self._tally.bytes += size
        if self._missing:
            self._missing -= size
        elif not self._read_head(size):
            return
        if not self._missing:
            self._tally.requests += 1
            self._tally.seconds.append(time.perf_counter() - self._started)
            self.ask()

    def _read_head(self, size: int) -> bool:
        """Note how much of the body is still to come; False when the head is not complete."""
        self._head += memoryview(_buffer)[:size]
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not self._head.startswith(_GOOD):
            self._tally.failures += 1
        head = self._head[: end + 2].lower()
        place = head.find(_LENGTH)
        length = (
            0 if place < 0 or b" 304 " in head[:14] else int(head[place + len(_LENGTH) : head.find(b"\r", place + 2)])
        )
        self._missing = length - (len(self._head) - end - 4)
        self._head = b""
        return True


def run(port: int, request: bytes, *, seconds: float, connections: int) -> dict[str, float]:
    """Ask for so long over so many connections."""
    tally = _Tally()
    poll = select.epoll()
    open_ones = {one.socket.fileno(): one for one in (_Connection(port, request, tally) for _ in range(connections))}
    for number in open_ones:
        poll.register(number, select.EPOLLIN)
    started = time.perf_counter()
    end = started + seconds
    while time.perf_counter() < end:
        for number, _ in poll.poll(0.1):
            try:
                open_ones[number].receive()
            except (_Broken, OSError, ValueError):
                tally.failures += 1
                poll.unregister(number)
    return _summary(tally, time.perf_counter() - started)


def _summary(tally: _Tally, seconds: float) -> dict[str, float]:
    ordered = sorted(tally.seconds) or [0.0]
    return {
        "requests": tally.requests,
        "seconds": seconds,
        "bytes": tally.bytes,
        "failures": tally.failures,
        "p50": ordered[len(ordered) // 2],
        "p99": ordered[len(ordered) * 99 // 100],
    }


def main(arguments: Sequence[str]) -> None:
    port, path, seconds, connections, *headers = arguments
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", ""]
    request = "\r\n".join(lines).encode()
    print(json.dumps(run(int(port), request, seconds=float(seconds), connections=int(connections))))


if __name__ == "__main__":
    main(sys.argv[1:])
