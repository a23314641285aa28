"""The address under which apps look for pages as a file to print. There is none yet, and the answer says so clearly."""

from __future__ import annotations

from flask import Response

from cityinfo.api.posting import find_tenant
from cityinfo.web.guard import public

_PAGE = """<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><title>PDF</title></head>
<body><p>{words}</p></body>
</html>
"""
_WORDS = {
    "de": "Diese Seiten gibt es noch nicht als PDF.",
    "en": "These pages are not available as a PDF yet.",
}


@public
def pdf(tenant: str, language: str) -> Response:
    """404 with a sentence for people: apps open the answer in a new tab."""
    find_tenant(tenant, language)
    shown = "de" if language.lower().startswith("de") else "en"
    body = _PAGE.format(language=shown, words=_WORDS[shown])
    headers = {"Cache-Control": "no-store"}
    return Response(body, status=404, content_type="text/html; charset=utf-8", headers=headers)


SITE = (("/<tenant>/<language>/wp-json/ig-mpdf/v1/pdf", pdf),)
