"""Archives of whole cities, sent to who may have them and to nobody else."""

from __future__ import annotations

from flask import Response, current_app
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.features import deletion
from cityinfo.features.deletion import Kept, Store
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import _


def newest_archive(city_id: int) -> Kept | None:
    """The one that waits to be fetched."""
    return next(iter(deletion.archives_of(_store(), city_id)), None)


def sent(city_id: int) -> AnyResponse:
    """The newest archive, piece by piece. The caller has seen to it that it may be had."""
    kept = newest_archive(city_id)
    if kept is None:
        raise NotFound("archive.none", _("No archive of this city is kept; it may be made again."))
    response = Response(
        _store().stream(kept.key, 0, kept.size), content_type="application/zip", direct_passthrough=True
    )
    response.headers["Content-Length"] = str(kept.size)
    response.headers["Content-Disposition"] = f'attachment; filename="{kept.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _store() -> Store:
    store: Store = current_app.extensions["library"].store
    return store
