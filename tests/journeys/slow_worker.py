"""The worker of production with one more job, slow enough to be killed in the middle, and impatient leases."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from cityinfo import registry
from cityinfo.cli import worker
from cityinfo.features import content, pages
from cityinfo.kernel import jobs
from cityinfo.kernel.facts import Actor

STEPS = 5
LEASE = timedelta(seconds=1)


def write_slowly(run: jobs.Run, *, page: int, marks: str) -> None:
    """Look at the page for a while, then give it its next title and end."""
    for step in range(STEPS):
        run.progress(step * 100 // STEPS, lease=LEASE)
        (Path(marks) / f"{run.token}-{step}").touch()
        time.sleep(0.2)
    with run.unit_of_work(write=True) as db:
        revision = content.find_text(db, page, "de").revision
        words = content.TextDraft(title="Vom Auftrag", content="<p>Fertig</p>", revision=revision)
        pages.save_text(db, page, "de", words, actor=Actor("job"))
        pages.publish(db, page, "de", revision=revision + 1, actor=Actor("job"))
        run.finish(db)


def main() -> None:
    jobs.LEASE = LEASE
    worker.SWEEP_EVERY = 0.3
    all_jobs: Mapping[str, jobs.JobFunction] = {**registry.JOBS, "test.write_slowly": write_slowly}
    registry.JOBS = all_jobs
    worker.worker.main(args=[], standalone_mode=False)


if __name__ == "__main__":
    main()
