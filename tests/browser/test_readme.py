"""The editor's journey of the README: its commands, its words, its order, on a server started as it says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.browser.conftest import ROOT, visiting
from tests.browser.desks import write
from tests.cli.test_serve import descendants, environment_for, free_port, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]
README = (ROOT / "README.md").read_text("utf-8")
# What the guide to the editor says in italics, in its order: the test below uses exactly these.
NAMES = ["Seiten", "Deutsch lernen", "Sprachcafé", "Veröffentlichen", "Menü", "Heute", "Übersetzungen", "Nächster Text"]


def guide() -> str:
    """The paragraph about the editor with the command below it."""
    return re.search(r"\*\*The editor\.\*\*.*?```sh\n.*?```", README, re.DOTALL)[0]


def recipe(port: int) -> list[str]:
    """What `make run` does once everything is prepared, as the Makefile has it."""
    lines = re.search(r"^run:.*?\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1]
    known = {"$(BIN)": str(Path(sys.executable).parent), "$(PORT)": str(port)}
    return [re.sub(r"\$\(\w+\)", lambda found: known[found[0]], line.lstrip("\t@")) for line in lines.splitlines()]


class Running:
    """The demo city, served in a folder of its own; what was printed lies in `output`."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.output = folder / "output.txt"
        with self.output.open("w") as output:
            options = {"env": environment_for(folder), "stdout": output, "stderr": subprocess.STDOUT}
            script = "set -e\n" + "\n".join(recipe(self.port))
            self.process = subprocess.Popen(["/bin/sh", "-c", script], cwd=ROOT, start_new_session=True, **options)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self, pattern: str) -> str:
        """What it printed that fits, once it has."""
        wait_until(lambda: re.search(pattern, self.output.read_text()) or self.process.poll() is not None, seconds=120)
        found = re.search(pattern, self.output.read_text())
        assert found, self.output.read_text()
        return found[1]

    def end(self) -> None:
        family = [self.process.pid, *descendants(self.process.pid)]
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            for pid in family:
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def running(tmp_path):
    running = Running(tmp_path)
    yield running
    running.end()


def test_whoever_follows_the_readme_logs_in_writes_publishes_translates_and_reads_it(running, browser):
    said = re.sub(r"\s+", " ", guide())
    pages, chapter, page, publish, menu, today, translations, following = NAMES
    assert re.findall(r"\*([^*]+)\*", said.partition("```")[0].replace("**", ""))[: len(NAMES)] == NAMES
    email, password = re.search(r"log in as `([^`]+)`", said)[1], running.said(r"with the password (\S+)")
    running.said("(Stop with Ctrl-C)")
    with visiting(SimpleNamespace(url=running.url), browser) as editor:
        screen = editor.page
        editor.log_in(email, password)
        screen.get_by_role("link", name=pages, exact=True).click()
        screen.get_by_role("button", name=f"Aufklappen: {chapter}").click()
        screen.get_by_role("link", name=page, exact=True).click()
        screen.locator("html[data-ready=true]").wait_for()
        write(editor, " Bringen Sie gern Kuchen mit.")
        screen.get_by_role("button", name=publish, exact=True).click()
        screen.get_by_text("Veröffentlicht.").wait_for()
        assert "Bringen Sie gern Kuchen mit." in read(running, said)["content"]
        screen.get_by_role("button", name=menu).click()
        for name in (today, translations):
            screen.get_by_role("link", name=name, exact=True).click()
            screen.get_by_role("heading", name="Guten Tag" if name == today else name).first.wait_for()
        screen.get_by_role("row").filter(has_text="Englisch").get_by_role("link", name=following).click()
        screen.locator("html[data-ready=true]").wait_for()
        assert "Bringen Sie gern Kuchen mit." in screen.locator(".pair--open ins").last.inner_text()
        screen.keyboard.press("Alt+ArrowDown")
        screen.locator(".ProseMirror:focus").wait_for()
        screen.keyboard.press("Control+End")
        screen.keyboard.type(" Bring cake if you like.")
        screen.get_by_role("button", name=publish, exact=True).click()
        screen.get_by_text("Veröffentlicht.").wait_for()
        assert screen.locator(".pair--open").count() == 0
        editor.check()


def read(running, said):
    """What the command of the guide prints."""
    command = re.search(r"```sh (curl .*?) ```", said)[1].replace("http://127.0.0.1:8000", running.url)
    done = subprocess.run(["/bin/sh", "-c", command], check=True, capture_output=True, text=True, timeout=30)
    return json.loads(done.stdout)
