"""Media files on an S3 server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cityinfo.kernel.errors import NotFound, Unavailable
from cityinfo.kernel.i18n import say

PIECE = 1 << 18  # bytes
_MISSING = {"404", "NoSuchKey", "NotFound"}


class S3Store:
    """Fulfils `features.media.ports.ObjectStore`. Empty keys: boto3 looks for them where Amazon's tools do."""

    def __init__(self, endpoint: str, bucket: str, *, region: str, access_key: str = "", secret_key: str = "") -> None:
        self._bucket = bucket
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=access_key or None,
            aws_secret_access_key=secret_key or None,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},  # what every server understands
                request_checksum_calculation="when_required",  # older servers keep newer checksums inside the object
                response_checksum_validation="when_required",
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3, "mode": "standard"},
            ),
        )

    def put(self, key: str, data: bytes, *, mime: str) -> None:
        with _trouble(key):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=mime)

    def put_file(self, key: str, file: Path, *, mime: str) -> None:
        with _trouble(key):
            self._client.upload_file(str(file), self._bucket, key, ExtraArgs={"ContentType": mime})

    def get(self, key: str) -> bytes:
        with _trouble(key):
            data: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            return data

    def size(self, key: str) -> int | None:
        try:
            with _trouble(key):
                size: int = self._client.head_object(Bucket=self._bucket, Key=key)["ContentLength"]
                return size
        except NotFound:
            return None

    def stream(self, key: str, start: int, length: int) -> Iterator[bytes]:
        with _trouble(key):
            wanted = f"bytes={start}-{start + length - 1}"
            answer = self._client.get_object(Bucket=self._bucket, Key=key, Range=wanted)
            with closing(answer["Body"]) as body:
                yield from body.iter_chunks(PIECE)

    def delete(self, key: str) -> None:
        with _trouble(key):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def keys(self, start: str) -> Iterator[str]:
        with _trouble(start):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start):
                yield from (found["Key"] for found in page.get("Contents", ()))

    def signed_address(self, key: str, *, seconds: int) -> str | None:
        with _trouble(key):
            wanted = {"Bucket": self._bucket, "Key": key}
            address: str = self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
            return address

    def check(self) -> None:
        try:
            with _trouble(""):
                self._client.head_bucket(Bucket=self._bucket)
        except NotFound:
            raise Unavailable(
                "media.store", say("There is no S3 bucket “{bucket}”; create it.", bucket=self._bucket)
            ) from None


@contextmanager
def _trouble(key: str) -> Iterator[None]:
    """What the server says, as problems of the product."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _MISSING:
            raise NotFound("media.no_object", say("Nothing is kept under {key}.", key=key[:80])) from None
        raise Unavailable("media.store", "The S3 server refuses; look at its keys and its bucket.") from error
    except BotoCoreError as error:
        raise Unavailable("media.store", "The S3 server does not answer; try again in a moment.") from error
