"""The one place where all parts meet."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask

from cityinfo import cms, registry
from cityinfo.adapters.typesetting import TypstTypesetter
from cityinfo.api import integreat, v1
from cityinfo.api.http import IdentityConverter
from cityinfo.features import (
    announcements,
    comments,
    events,
    feedback,
    logins,
    media,
    moving,
    news,
    proposals,
    search,
    webhooks,
)
from cityinfo.features.events import CalendarSource
from cityinfo.kernel.db import Database
from cityinfo.kernel.errors import Unavailable
from cityinfo.kernel.ids import Identities, parse_slots
from cityinfo.kernel.jobs import JobFunction
from cityinfo.schema import check_migrations
from cityinfo.settings import Settings
from cityinfo.web import health, identity, logs, metrics
from cityinfo.web import media as media_files
from cityinfo.web.bodies import Bodies
from cityinfo.web.guard import check_views
from cityinfo.web.limits import Limits
from cityinfo.web.watch import Watch

if TYPE_CHECKING:
    from cityinfo.adapters.huey_queue import Queue
    from cityinfo.features import imports, locations

_log = logging.getLogger(__name__)


def open_queue(settings: Settings) -> Queue:
    """What wakes the worker."""
    from cityinfo.adapters.huey_queue import make_queue  # web processes load it with the first job they promise

    return make_queue(settings)


def open_addresses() -> imports.Addresses:
    """How files at an address are fetched."""
    from cityinfo.adapters.integreat import IntegreatServer  # web processes need no HTTP client

    return IntegreatServer()


def open_geocoder(settings: Settings) -> locations.Geocoder | None:
    """Who finds coordinates of addresses; nobody unless the settings name a server."""
    from cityinfo.adapters.nominatim import NominatimServer  # web processes need no HTTP client

    return NominatimServer(settings.nominatim_url, site=settings.public_url) if settings.nominatim_url else None


def open_calendars(settings: Settings) -> CalendarSource:
    """How calendars elsewhere are fetched."""
    from cityinfo.adapters.ical import CalendarServer
    from cityinfo.adapters.outside import networks_of  # web processes need no HTTP client

    return CalendarServer(networks_of(settings.calendar_networks))


def open_old_server(settings: Settings) -> moving.Server:
    """How servers are asked from which cities move in."""
    from cityinfo.adapters.integreat import OldServer
    from cityinfo.adapters.outside import networks_of  # web processes need no HTTP client

    return OldServer(networks_of(settings.move_in_networks))


def open_store(settings: Settings) -> media.ObjectStore:
    """Where the bytes of media files are."""
    if not settings.s3_bucket:
        from cityinfo.adapters.folder import FolderStore

        return FolderStore(settings.data_dir / "media")
    from cityinfo.adapters.s3 import S3Store  # thirty megabytes that a folder does not need

    return S3Store(
        settings.s3_endpoint,
        settings.s3_bucket,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )


def open_library(settings: Settings, database: Database, store: media.ObjectStore) -> media.Library:
    """The door through which files come in."""
    return media.Library(database=database, store=store, limits=open_limits(settings))


def open_limits(settings: Settings) -> media.Limits:
    """How large files may be."""
    return media.Limits(file=settings.media_file_mb * 1_000_000, tenant=settings.media_quota_mb * 1_000_000)


def open_search(settings: Settings, database: Database) -> search.Search:
    """What answers readers' queries."""
    indexes = search.Indexes(registry.SEARCHED, encoder=open_encoder(settings))
    return search.Search(indexes, search.Misses(database))


def open_encoder(settings: Settings) -> search.Encoder | None:
    """What knows what texts mean; nobody unless the settings ask for it."""
    if not settings.search_by_meaning:
        return None
    from cityinfo.adapters.e5 import open_e5  # 90 megabytes

    return open_e5(settings.data_dir / "models")


def open_senders(settings: Settings) -> news.Senders:
    """Who tells phones and browsers, by channel: those that the settings have keys for."""
    senders: dict[str, news.PushSender] = {}
    if settings.fcm_credentials:
        from cityinfo.adapters.fcm import FirebaseSender  # web processes send nothing

        senders[news.FCM] = FirebaseSender(Path(settings.fcm_credentials))
    if settings.vapid_private_key:
        from cityinfo.adapters.webpush import BrowserSender

        senders[news.WEBPUSH] = BrowserSender(settings.vapid_private_key, subject=settings.vapid_subject)
    return senders


def open_feeds() -> news.FeedReader:
    """How feeds of others are read."""
    from cityinfo.adapters.feeds import FeedServer  # web processes need no HTTP client

    return FeedServer()


def open_site(settings: Settings) -> logins.Site:
    """The service as letters and passkeys name it, with the seal on what it hands out."""
    return logins.Site(settings.public_url, logins.Seal(settings.key_for("seals")))


def open_entrance(settings: Settings, database: Database) -> logins.Entrance:
    """Where people come in."""
    return logins.Entrance(database, open_site(settings))


def open_mailer(settings: Settings) -> logins.Mailer:
    """Who sends letters. In development they become files; in production without a mail server each one says so."""
    from cityinfo.adapters.smtp import FolderMailer, NoMailer, SmtpMailer  # web processes send nothing

    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return NoMailer() if settings.production else FolderMailer(settings.data_dir / "mail", settings.mail_from)


def open_safe(settings: Settings) -> webhooks.Safe:
    """Where secrets of webhooks are hidden."""
    return logins.Seal(settings.signing_key, hidden="webhooks")


def open_webhooks(settings: Settings) -> webhooks.Sender:
    """How webhooks are sent."""
    from cityinfo.adapters.outside import Outside, networks_of, permitting
    from cityinfo.adapters.webhooks import WebhookServer  # web processes need no HTTP client

    permit = permitting(networks_of(settings.webhook_networks))
    return WebhookServer(Outside(permit=permit))


def open_jobs(settings: Settings) -> Mapping[str, JobFunction]:
    """Every job there is, those that need something outside with it in hand."""
    store, mailer = open_store(settings), open_mailer(settings)
    of_files = {name: partial(job, store=store) for name, job in registry.STORE_JOBS.items()}
    return {
        **registry.JOBS,
        **of_files,
        logins.SEND_LINK: partial(logins.send_link, mailer=mailer, site=open_site(settings)),
        announcements.SEND_LETTERS: partial(announcements.send_letters, mailer=mailer, site=open_site(settings)),
        comments.MENTION: partial(comments.send_mention, mailer=mailer, site=open_site(settings)),
        proposals.DECISION: partial(proposals.send_decision, mailer=mailer, site=open_site(settings)),
        feedback.FORWARD: partial(feedback.send_forwarded, mailer=mailer),
        events.RUN_CALENDAR: partial(events.run_calendar, source=open_calendars(settings)),
        moving.MOVE_IN: partial(
            moving.move_in, store=store, limits=open_limits(settings), server=open_old_server(settings)
        ),
        search.ENCODE: partial(search.encode, open_encoder=partial(open_encoder, settings), kinds=registry.SEARCHED),
        news.DELIVER: partial(news.deliver, senders=open_senders(settings)),
        news.READ_FEED: partial(news.read_feed, reader=open_feeds()),
        webhooks.DELIVER: partial(webhooks.deliver, sender=open_webhooks(settings), safe=open_safe(settings)),
    }


def open_database(settings: Settings) -> Database:
    """The database with everyone who listens to it, and the queue that wakes the worker."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(
        settings.database,
        identities=Identities(settings.data_dir / "slots", parse_slots(settings.slots)),
        platform_role=settings.platform_role,
        subscribers=registry.SUBSCRIBERS,
    )
    queue = cache(lambda: open_queue(settings))
    database.wake = lambda tenant_id, job_id: queue().wake(tenant_id, job_id)
    return database


def create_app(settings: Settings, *, database: Database | None = None) -> Flask:
    """The web application: all faces, the layer of finished answers in front of them, health and metrics."""
    logs.configure(settings)
    database = database or open_database(settings)
    _check_database(database)
    app = Flask("cityinfo", static_folder=None)
    _prepare(app, settings)
    measures = metrics.make_metrics(settings)
    watch = Watch(settings, measures)
    bodies = Bodies(database, settings, watch, {one.kind: one.path for one in registry.CONTENT_TYPES})
    store = open_store(settings)
    library = open_library(settings, database, store)
    app.extensions.update(database=database, bodies=bodies, library=library, typesetter=TypstTypesetter())
    limits = Limits(settings)
    app.extensions["limits"] = limits
    app.extensions.update(search=open_search(settings, database), entrance=open_entrance(settings, database))
    identity.prepare(app, settings)
    watch.over(app)
    limits.over(app)
    app.register_blueprint(health.make_health(_checks(settings, database, store)))
    app.register_blueprint(media_files.make_media(store, sends_on=settings.s3_redirect))
    integreat.register(app)
    v1.register(app)
    cms.register(app)
    app.add_url_rule("/metrics", view_func=metrics.make_endpoint(measures))
    check_views(app)
    if not settings.s3_redirect:
        app.wsgi_app = media_files.wrap(app.wsgi_app, store, watch)  # type: ignore[method-assign, assignment]
    app.wsgi_app = bodies.wrap(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def _prepare(app: Flask, settings: Settings) -> None:
    app.config["SETTINGS"] = settings
    app.secret_key = settings.key_for("notices")
    app.url_map.converters["int"] = IdentityConverter
    app.extensions.update(places=registry.PLACES, apply_facts=registry.APPLY_FACTS)
    app.extensions.update(
        old_server=cache(lambda: open_old_server(settings)),
        geocoder=cache(lambda: open_geocoder(settings)),
        tiles=(settings.tile_url, settings.tile_credit),
    )
    app.extensions["files_from"] = _origin(settings.s3_endpoint) if settings.s3_redirect else ""
    app.extensions["calendars"] = cache(lambda: open_calendars(settings))
    app.extensions.update(safe=open_safe(settings), kinds=tuple(one.kind for one in registry.CONTENT_TYPES))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _check_database(database: Database) -> None:
    """Refuse to start with a role that ignores the wall; without a database, start and serve what is on disk."""
    try:
        health.check_database(database)
    except Unavailable:
        _log.warning("The database does not answer; serving earlier answers until it does.")


def _checks(settings: Settings, database: Database, store: media.ObjectStore) -> health.Checks:
    return {
        "database": lambda: health.check_database(database),
        "migrations": lambda: check_migrations(database),
        "storage": lambda: health.check_storage(settings.data_dir, store),
    }
