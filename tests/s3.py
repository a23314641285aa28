"""A real S3 server for tests: SeaweedFS, from a package, on this machine alone."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cityinfo.adapters.s3 import S3Store

BUCKET, ACCESS_KEY, SECRET_KEY = "cityinfo", "cityinfo-test", "geheim-im-test"
PATIENCE = 60.0  # seconds for the server to answer
_GRPC = 10_000  # above the port of HTTP


@dataclass(frozen=True)
class S3Server:
    """A running server with one bucket."""

    endpoint: str

    def store(self, *, bucket: str = BUCKET, secret_key: str = SECRET_KEY) -> S3Store:
        return S3Store(self.endpoint, bucket, region="us-east-1", access_key=ACCESS_KEY, secret_key=secret_key)


@contextmanager
def start_s3(folder: Path) -> Iterator[S3Server]:
    """Everything of it lies in the folder. Killed at the end: asked politely, it may take minutes."""
    config = folder / "s3.json"
    who = {
        "name": "cityinfo",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
        "actions": ["Admin"],
    }
    config.write_text(json.dumps({"identities": [who]}))
    (folder / "data").mkdir()
    ports = _free_ports(4)
    with (folder / "weed.log").open("wb") as log:
        process = subprocess.Popen(_command(folder, config, ports), stdout=log, stderr=log, start_new_session=True)
    try:
        server = S3Server(f"http://127.0.0.1:{ports[3]}")
        _make_bucket(server, process, folder / "weed.log")
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _command(folder: Path, config: Path, ports: list[int]) -> list[str]:
    master, volume, filer, s3 = ports
    return [
        str(Path(sys.executable).parent / "weed"),
        "server",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-master.port={master}",
        "-master.volumeSizeLimitMB=64",
        f"-volume.port={volume}",
        "-volume.max=10",
        "-filer",
        f"-filer.port={filer}",
        f"-filer.localSocket={folder / 'filer.sock'}",
        "-s3",
        f"-s3.port={s3}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.config={config}",
        f"-s3.localSocket={folder / 's3.sock'}",
    ]


def _make_bucket(server: S3Server, process: subprocess.Popen[bytes], log: Path) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(retries={"max_attempts": 0}, connect_timeout=2, read_timeout=10),
    )
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"ready")  # a volume has to be there first
            client.delete_object(Bucket=BUCKET, Key="ready")
            return
        except (ClientError, BotoCoreError):
            time.sleep(0.2)
    raise RuntimeError(f"The S3 server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _free_ports(count: int) -> list[int]:
    """Ports that are free now, and those of gRPC above them too."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(12_000, 30_000)
        if port not in found and all(_is_free(one) for one in (port, port + _GRPC)):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
