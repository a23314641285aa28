"""Printable documents: all pages of a language, or one page with what hangs below it."""

from __future__ import annotations

from flask import Response, current_app

from cityinfo.api.http import Page, PageTree
from cityinfo.features import pages as features
from cityinfo.features.publishing import Chapter, Typesetter
from cityinfo.web.bodies import Answer, Reading, serve
from cityinfo.web.guard import public

from .pages import Wanted, find, wanted_page
from .places import Places


@public
def pdf(tenant: str, language: str) -> Response:
    """A PDF; with `url` of that page and all below it."""
    wanted = wanted_page(tenant, language)
    return serve(
        "v3.pdf",
        tenant=tenant,
        language=language.lower(),
        params=wanted,
        kinds=(features.KIND,),
        build=lambda reading: _printed(reading, wanted),
    )


def _printed(reading: Reading, wanted: Wanted) -> Answer:
    tree = PageTree(reading)
    top = tree.page(find(reading, wanted).id) if wanted else None
    places = Places(reading, features.KIND)
    pages = [*([top] if top else []), *tree.below(top["id"] if top else None)]
    above = tree.paths[top["id"]].count("/") if top else 0
    chapters = [_chapter(page, tree.paths[page["id"]].count("/") - above, places) for page in pages]
    title = top["title"] if top else reading.tenant.full_name
    typesetter: Typesetter = current_app.extensions["typesetter"]
    spoken = reading.registry()[reading.language]
    language = spoken.bcp47
    body = typesetter.pdf(title, chapters, language=language, rtl=spoken.direction == "rtl")
    name = f'inline; filename="{reading.tenant.slug}-{reading.language}.pdf"'
    return Answer(body, "application/pdf", language, (("Content-Disposition", name),))


def _chapter(page: Page, depth: int, places: Places) -> Chapter:
    return Chapter(depth + 1, page["title"], places.with_links(page["content"]))


# Below the root, not below the face's own prefix: the address is as old as the apps.
SITE = (("/<tenant>/<language>/wp-json/ig-mpdf/v1/pdf", pdf),)
