"""The imprint: who answers for what a city tells."""

from __future__ import annotations

from flask import Response

from cityinfo.features import imprint
from cityinfo.kernel.errors import NotFound
from cityinfo.web.bodies import Answer, Reading, serve

from .entries import EntrySchema, Writer
from .operations import answer, operation, section

blueprint = section("Imprint", "Who answers for what a city tells.")


class ImprintSchema(EntrySchema):
    """The imprint as the public sees it."""


@operation(blueprint, "/tenants/<tenant>/<language>/imprint", answer=ImprintSchema)
def get_imprint(tenant: str, language: str) -> Response:
    """Read the imprint.

    Where it is missing in a language, the one it would be translated from stands in.
    """
    return serve("v1.imprint", tenant=tenant, language=language.lower(), kinds=(imprint.KIND,), build=_imprint)


def _imprint(reading: Reading) -> Answer:
    documents = reading.documents(imprint.KIND)
    if not documents:
        raise NotFound("imprint.unknown", "This city has not published its imprint yet.")
    return answer(Writer(reading, imprint.KIND).words(documents[0]), reading)
