"""A process that saves as fast as it can, in several tenants at once, and says so after every commit.

Started by test_killing.py: `python -m tests.journeys.saving TENANT:PAGE …`. Reads CITYINFO_* like the service itself.
"""

from __future__ import annotations

import sys
import threading
from itertools import count

from cityinfo.app import open_database
from cityinfo.features import content, pages
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Database
from cityinfo.kernel.facts import Actor
from cityinfo.settings import Settings

EDITOR = Actor("editor", "killed")


def main() -> None:
    database = open_database(Settings.from_environment())
    for target in sys.argv[1:]:
        tenant, page = map(int, target.split(":"))
        threading.Thread(target=save_for_ever, args=(database, tenant, page)).start()


def save_for_ever(database: Database, tenant: int, page: int) -> None:
    for number in count():
        with database.unit_of_work(tenant, write=True) as db:
            revision = content.find_text(db, page, "de").revision
            words = content.TextDraft(title=f"Stand {number}", content=f"<p>{number}</p>", revision=revision)
            version = pages.save_text(db, page, "de", words, actor=EDITOR)
            pages.publish(db, page, "de", revision=revision + 1, actor=EDITOR)
            job = jobs.enqueue(db, "publishing.rebuild")
        sys.stdout.write(f"{tenant} {version.id} {job}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
