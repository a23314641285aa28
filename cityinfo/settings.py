"""Every setting once: name, type, default and help. The only reader of the environment."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import Any

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

DEVELOPMENT = "development"
PRODUCTION = "production"


def setting(default: Any, help_text: str, *, secret: bool = False) -> Any:
    """Declare one setting; its type is the annotation, its variable ``CITYINFO_`` and the name in capitals."""
    return dataclass_field(default=default, metadata={"help": help_text, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can choose. Read the environment with `from_environment`."""

    env: str = setting(DEVELOPMENT, "`development` or `production`. Production refuses to start without a secret key.")
    database_url: str = setting("", "SQLAlchemy address of the database. Empty: an SQLite file in the data folder.")
    migration_database_url: str = setting(
        "", "Address used by `cityinfo db upgrade`, with the role that owns the tables. Empty: the database address."
    )
    platform_role: str = setting(
        "cityinfo_platform", "PostgreSQL role that may read across tenants; the serving role must be a member of it."
    )
    data_dir: Path = setting(Path("var"), "Folder for the SQLite file, the body cache, the job queue and lock files.")
    secret_key: str = setting("", "Signs jobs and logins, hides secrets. Required in production.", secret=True)
    public_url: str = setting(
        "http://127.0.0.1:8000", "Address under which readers reach this service, no final slash."
    )
    redis_url: str = setting(
        "",
        "Redis for the job queue and the counts of limits. Empty: an SQLite file, and each worker's memory.",
        secret=True,
    )
    s3_endpoint: str = setting("", "S3 address for media files. Empty: a folder below the data folder.")
    s3_bucket: str = setting("", "S3 bucket for media files; it has to be there.")
    s3_region: str = setting("us-east-1", "Region of the S3 bucket; many servers take any.")
    s3_access_key: str = setting(
        "", "Access key of S3. Empty: as Amazon's tools look for it, in `AWS_ACCESS_KEY_ID` first.", secret=True
    )
    s3_secret_key: str = setting("", "Secret key of S3. Empty: likewise, `AWS_SECRET_ACCESS_KEY`.", secret=True)
    s3_redirect: bool = setting(
        False, "Send readers of media to signed S3 addresses; they must reach it, and its CORS rules must allow all."
    )
    media_file_mb: int = setting(20, "Size of the largest file that may be uploaded, in megabytes.")
    media_quota_mb: int = setting(2048, "Size of all files a city may keep, in megabytes, unless it has its own limit.")
    nominatim_url: str = setting(
        "", "Address of a Nominatim server that finds coordinates of addresses. Empty: editors set points by hand."
    )
    tile_url: str = setting(
        "",
        "Address of map tiles, such as `https://tile.example.org/{z}/{x}/{y}.png`. Empty: the CMS shows no maps.",
    )
    tile_credit: str = setting("© OpenStreetMap", "Whom maps name as their source.")
    fcm_credentials: str = setting(
        "", "Key file of a Firebase service account. Empty: phones are told nothing by Firebase.", secret=True
    )
    vapid_private_key: str = setting(
        "", "Private VAPID key (base64url). Empty: browsers are told nothing by Web Push.", secret=True
    )
    vapid_subject: str = setting(
        "mailto:root@localhost", "How push services reach the operator: a `mailto:` or `https:` address."
    )
    smtp_url: str = setting(
        "",
        "Mail server, `smtps://user:password@host:465` or `smtp://…:587`. Empty: no mail; in development letters become"
        " files in `mail/` below the data folder.",
        secret=True,
    )
    mail_from: str = setting(
        "cityinfo <cityinfo@localhost>", "Who letters come from; a name may stand before the address."
    )
    slots: str = setting(
        "0-31",
        "Identity slots this host may use, `first-last` within 0-31. Several hosts need ranges that do not meet.",
    )
    head_ttl: float = setting(0.05, "Seconds for which a worker trusts what it knows of the newest publication.")
    calendar_networks: str = setting(
        "",
        "Internal networks in which calendars may be fetched, separated by commas, such as `10.1.0.0/16`. Empty: none.",
    )
    webhook_networks: str = setting(
        "", "Internal networks to which webhooks may be sent, separated by commas, such as `10.1.0.0/16`. Empty: none."
    )
    move_in_networks: str = setting(
        "",
        "Internal networks from which cities may move in, separated by commas, such as `10.1.0.0/16`. Empty: none.",
    )
    body_cache_mb: int = setting(2048, "Size of the answer cache on disk, shared by all workers, in megabytes.")
    body_memory_mb: int = setting(16, "Size of the answer cache in the memory of each worker, in megabytes.")
    proxies: int = setting(
        0, "How many proxies stand in front and add to `X-Forwarded-For`. Limits for readers count by what they say."
    )
    read_limit: str = setting(
        "6000/minute",
        "How often one address may ask the APIs for answers that are not at hand yet, such as `100/second`, or `off`.",
    )
    login_limit: str = setting(
        "120/minute",
        "How often one address may send something about logging in, to the API and the CMS together, such as"
        " `30/minute`, or `off`.",
    )
    feedback_days: int = setting(365, "Days after which feedback is deleted.")
    deletion_grace_days: int = setting(
        30, "Days for which a city that was closed can be restored before everything of it is deleted."
    )
    search_by_meaning: bool = setting(
        False,
        "Let searches count what texts mean, beside their words. Needs the packages of `cityinfo[meaning]` and about"
        " 90 MB of memory in each process.",
    )
    metrics: bool = setting(False, "Serve Prometheus metrics at `/metrics`.")
    access_log: bool = setting(False, "Write one log line for every request, cached answers included.")
    log_level: str = setting("INFO", "Least severe level that is logged: DEBUG, INFO, WARNING or ERROR.")

    def __post_init__(self) -> None:
        if self.env not in (DEVELOPMENT, PRODUCTION):
            raise Invalid(
                "settings.env", say("CITYINFO_ENV is {env}; choose development or production.", env=f"{self.env!r}")
            )
        if self.production and not self.secret_key:
            raise Invalid(
                "settings.secret_key",
                "CITYINFO_SECRET_KEY is empty; production needs one. Make it with: openssl rand -hex 32",
            )

        if self.tile_url and not all(part in self.tile_url for part in ("://", "{z}", "{x}", "{y}")):
            raise Invalid("settings.tile_url", "CITYINFO_TILE_URL needs a whole address with {z}, {x} and {y} in it.")
        if bool(self.s3_endpoint) != bool(self.s3_bucket):
            raise Invalid("settings.s3", "Set CITYINFO_S3_ENDPOINT and CITYINFO_S3_BUCKET together, or neither.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Read ``CITYINFO_*``; raises `Invalid` with the variable's name when a value cannot be used."""
        environ = os.environ if environ is None else environ
        values = {name: _parse(name, environ[name]) for name in variables() if environ.get(name)}
        return cls(**{**{name.removeprefix("CITYINFO_").lower(): value for name, value in values.items()}, **overrides})

    @property
    def production(self) -> bool:
        return self.env == PRODUCTION

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'cityinfo.sqlite3').resolve()}"

    @property
    def migration_database(self) -> str:
        return self.migration_database_url or self.database

    @property
    def signing_key(self) -> str:
        """The secret key; in development one that is made once and kept in the data folder."""
        return self.secret_key or _kept_key(self.data_dir / "secret_key")

    def key_for(self, purpose: str) -> str:
        """A key of its own for each purpose: what signs one kind of thing is worth nothing for another."""
        return hmac.digest(self.signing_key.encode(), purpose.encode(), "sha256").hex()


def variables() -> dict[str, Any]:
    """Every environment variable with its field."""
    return {f"CITYINFO_{field.name.upper()}": field for field in fields(Settings)}


def described() -> list[tuple[str, str, str]]:
    """Name, default and help of every setting, in order of declaration."""
    return [(name, _shown(field.default), field.metadata["help"]) for name, field in variables().items()]


def shown(settings: Settings) -> list[tuple[str, str]]:
    """Name and value in force; a secret shows only whether it is set."""
    return [
        (name, _masked(getattr(settings, field.name), secret=field.metadata["secret"] or "url" in field.name))
        for name, field in variables().items()
    ]


def hand_to_children(settings: Settings) -> None:
    """Make processes started from here read the same settings."""
    for name, field in variables().items():
        os.environ[name] = _shown(getattr(settings, field.name))
    # Threads with memory arenas of their own keep what large answers once needed; two arenas serve as well.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", "262144")  # what is large goes back to the system when it is freed


def use_metrics_folder(folder: Path) -> None:
    """Tell the Prometheus library where workers share their counters; it reads this when first imported."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(folder))


def _parse(name: str, text: str) -> Any:
    kind = variables()[name].type
    try:
        return _PARSERS[kind](text)
    except (KeyError, ValueError):
        raise Invalid(
            "settings.value",
            say("{name} is {text}, which is not {kinds}.", name=name, text=f"{text!r}", kinds=_KINDS[kind]),
        ) from None


_PARSERS: dict[str, Any] = {
    "str": str.strip,
    "Path": Path,
    "int": int,
    "float": float,
    "bool": lambda text: {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()],
}
_KINDS = {"str": "a text", "Path": "a folder", "int": "a whole number", "float": "a number", "bool": "true or false"}


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _masked(value: object, *, secret: bool) -> str:
    text = _shown(value)
    if not text or not secret:
        return text
    return _without_password(text) if "://" in text else "(set)"


def _without_password(url: str) -> str:
    scheme, rest = url.split("://", 1)
    user, at, host = rest.rpartition("@")
    return f"{scheme}://{user.split(':')[0]}:…@{host}" if at and ":" in user else url


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


def settings_table() -> str:
    """All settings as the table that stands in README.md."""
    rows = [f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |" for name, default, meaning in described()]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows])
