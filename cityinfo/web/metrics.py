"""Numbers for Prometheus, counted by all web workers together. Nothing is imported while metrics are off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Response

from cityinfo.settings import Settings, use_metrics_folder

from .guard import public

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts nothing: what is used while metrics are off."""

    def count(self, *, face: str, status: int, seconds: float, source: str = "") -> None:
        """Note one answer. `source` says where its body came from: memory, disk, built, stale, or nothing of these."""

    def page(self) -> Response:
        """What Prometheus reads."""
        return Response("Metrics are off; set CITYINFO_METRICS=true.\n", status=404, mimetype="text/plain")


class PrometheusMetrics(Metrics):
    """Counts into files that the workers of one server share."""

    def __init__(self, folder: Path) -> None:
        use_metrics_folder(folder)
        from prometheus_client import Counter, Histogram

        # No registry: the page adds up the files of all workers instead of showing those of one.
        self._requests = Counter(
            "cityinfo_requests_total", "Answers by face and status.", ("face", "status"), registry=None
        )
        self._answers = Counter("cityinfo_answers_total", "Bodies by where they came from.", ("source",), registry=None)
        self._seconds = Histogram(
            "cityinfo_request_seconds", "Time to answer.", ("face",), registry=None, buckets=SECONDS
        )

    def count(self, *, face: str, status: int, seconds: float, source: str = "") -> None:
        self._requests.labels(face, str(status)).inc()
        self._seconds.labels(face).observe(seconds)
        if source:
            self._answers.labels(source).inc()

    def page(self) -> Response:
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it registers itself
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def make_metrics(settings: Settings) -> Metrics:
    """Metrics as the settings choose."""
    return PrometheusMetrics(_folder(settings)) if settings.metrics else Metrics()


def make_endpoint(metrics: Metrics) -> Callable[[], Response]:
    """The view behind `/metrics`. Numbers are no secret, but a proxy should not hand them to the world."""

    @public
    def show_metrics() -> Response:
        return metrics.page()

    return show_metrics


def forget_former_workers(settings: Settings) -> None:
    """Start counting from zero. Only before the first worker runs: the files belong to processes."""
    for file in _folder(settings).glob("*.db"):
        file.unlink(missing_ok=True)


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "metrics"
