"""Sitemaps for search engines: one of all cities, and one of each city and language that names its other languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from flask import Response

from cityinfo.features import tenants
from cityinfo.kernel.errors import NotFound
from cityinfo.web.bodies import Answer, Reading, all_kinds, serve
from cityinfo.web.guard import public

XML = "application/xml"
WITHOUT_PAGES = {"media", "organization", "contact"}  # kinds that readers meet on other pages only
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"

Addresses = Mapping[str, str]  # by language


@public
def sitemaps() -> Response:
    """Where the sitemaps of all cities are that want to be found."""
    return serve("sitemaps", tenant=None, build=_sitemaps)


@public
def sitemap(tenant: str, language: str) -> Response:
    """Everything of a city in one language; 404 while the city is hidden."""
    return serve("sitemap", tenant=tenant, language=language.lower(), kinds=all_kinds(), build=_sitemap)


def _sitemaps(reading: Reading) -> Answer:
    addresses = (
        f"{reading.settings.public_url}/{tenant.slug}/{language}/sitemap.xml"
        for tenant in tenants.directory(reading.db)
        if tenant.status == tenants.ACTIVE
        for language in tenant.languages
    )
    lines = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return _answer(f'<sitemapindex xmlns="{_SCHEMA}">\n{lines}</sitemapindex>\n')


def _sitemap(reading: Reading) -> Answer:
    if reading.tenant.status != tenants.ACTIVE:
        raise NotFound("tenant.hidden", "This city does not want to be found yet.")
    tags = {slug: language.bcp47 for slug, language in reading.registry().items()}
    entries = [one for one in _everything(reading) if reading.language in one]
    entries.sort(key=lambda one: one[reading.language])
    lines = "".join(_url(one, reading.language, tags) for one in entries)
    return _answer(f'<urlset xmlns="{_SCHEMA}" xmlns:xhtml="{_XHTML}">\n{lines}</urlset>\n')


def _everything(reading: Reading) -> Iterator[Addresses]:
    """Addresses of the start page and of every public entry, in the languages that are written or translated."""
    begin = f"{reading.tenant.app_url or reading.settings.public_url}/{reading.tenant.slug}"
    visible = reading.tenant.languages
    yield {language: f"{begin}/{language}" for language in visible}
    for kind in all_kinds():
        if kind in WITHOUT_PAGES:
            continue
        for node in reading.outline(kind):
            paths = reading.paths(kind, node.id)
            own = [one for one in visible if one in paths and not node.texts[one].written_in]
            yield {language: f"{begin}/{language}/{quote(paths[language])}" for language in own}


def _url(addresses: Addresses, language: str, tags: Mapping[str, str]) -> str:
    alternates = "".join(_alternates(addresses, tags)) if len(addresses) > 1 else ""
    return f"<url><loc>{escape(addresses[language])}</loc>{alternates}</url>\n"


def _alternates(addresses: Addresses, tags: Mapping[str, str]) -> Iterable[str]:
    for language, address in addresses.items():
        yield f'<xhtml:link rel="alternate" hreflang={quoteattr(tags[language])} href={quoteattr(address)}/>'


def _answer(xml: str) -> Answer:
    return Answer((_HEAD + xml).encode(), content_type=XML)


SITE = (("/sitemap.xml", sitemaps), ("/<tenant>/<language>/sitemap.xml", sitemap))
