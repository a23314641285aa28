"""What is said about the words of a text while they are typed: beside them, and in the line below."""

from __future__ import annotations

from flask import render_template

from cityinfo.features import quality
from cityinfo.kernel import html
from cityinfo.kernel.db import Work


def looked_at(db: Work, entry_id: int, language: str, content: str) -> dict[str, str]:
    """The two parts of the editing screen that speak of the words, for what was typed last."""
    findings = quality.findings(db, html.sanitise(content), language, entry_id=entry_id)
    parts = {"advice": "cms/writing/advice.html", "standing": "cms/writing/standing.html"}
    return {name: render_template(template, findings=findings) for name, template in parts.items()}
