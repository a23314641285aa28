"""The description of this version: `openapi.json` for programs, a page for people. Nothing comes from elsewhere."""

from __future__ import annotations

from typing import Any

import orjson
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Blueprint, Response, current_app, request, send_from_directory
from marshmallow import Schema, fields
from swagger_ui_bundle import swagger_ui_path

from cityinfo.web.guard import public

from .operations import PREFIX

SPEC: dict[str, Any] = {
    "title": "cityinfo",
    "version": "v1",
    "openapi_version": "3.1.0",
    "info": {
        "summary": "City information for newcomers: many municipalities, every language.",
        "description": (
            "Reads what cities have published, and lets their editors write. What is read is public, answers carry an"
            " `ETag`, moments are written with their offset (RFC 3339), problems as RFC 9457 says. Unknown parameters"
            " are ignored, and new fields may appear in any answer: read what you know. Editing stands under `/manage`:"
            " it needs a login, every change names what was seen (`If-Match`), and every POST may be repeated under an"
            " `Idempotency-Key`."
        ),
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    },
    "servers": [{"url": "/"}],
}
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "The `access_token` of a login, or an API token.",
}
POLICY = "default-src 'none'; connect-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'"
PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cityinfo API v1</title>
<link rel="icon" href="{PREFIX}/docs/favicon-32x32.png">
<link rel="stylesheet" href="{PREFIX}/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<noscript><p>The description for programs: <a href="{PREFIX}/openapi.json">openapi.json</a></p></noscript>
<script src="{PREFIX}/docs/swagger-ui-bundle.js"></script>
<script src="{PREFIX}/docs/show.js"></script>
</body>
</html>
"""
# The bundled viewer reads OpenAPI 3.0 only; what 3.1 writes otherwise in our description are types that may be null.
SCRIPT = f"""\
"use strict";
function asOpenApi30(value) {{
  if (Array.isArray(value)) return value.map(asOpenApi30);
  if (value === null || typeof value !== "object") return value;
  const older = {{}};
  for (const [key, inner] of Object.entries(value)) older[key] = asOpenApi30(inner);
  if (Array.isArray(older.type)) {{
    older.nullable = older.type.includes("null");
    older.type = older.type.find((type) => type !== "null");
  }}
  return older;
}}
fetch("{PREFIX}/openapi.json")
  .then((answer) => answer.json())
  .then((description) => {{
    const spec = {{ ...asOpenApi30(description), openapi: "3.0.3" }};
    SwaggerUIBundle({{ spec, dom_id: "#docs", deepLinking: true, supportedSubmitMethods: ["get"] }});
  }});
"""


class _Converter(OpenAPIConverter):
    """Says besides what names a mapping may hold, and the `rule` that the fields of a schema keep together."""

    def dict2properties(self, field: fields.Field[Any], **options: Any) -> dict[str, Any]:
        keys = getattr(field, "key_field", None)
        names = {"propertyNames": self.field2property(keys)} if keys and keys.validators else {}
        return {**super().dict2properties(field, **options), **names}

    def schema2jsonschema(self, schema: Schema) -> dict[str, Any]:
        described = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        return {**described, **getattr(schema, "rule", {})}


class Describing(MarshmallowPlugin):
    """Writes schemas into the description."""

    Converter = _Converter


blueprint = Blueprint("v1_documentation", __name__, url_prefix=PREFIX)


@blueprint.get("/openapi.json", strict_slashes=False)
@public
def openapi() -> Response:
    """The description, OpenAPI 3.1."""
    body = orjson.dumps(current_app.extensions["openapi"](), option=orjson.OPT_INDENT_2)
    return _kept(Response(body, content_type="application/json"))


@blueprint.get("/docs", strict_slashes=False)
@public
def docs() -> Response:
    """The description for people, with which every operation can be tried."""
    response = Response(PAGE, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    return _kept(response)


@blueprint.get("/docs/show.js")
@public
def script() -> Response:
    return _kept(Response(SCRIPT, content_type="text/javascript; charset=utf-8"))


@blueprint.get("/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'):name>")
@public
def asset(name: str) -> Response:
    return send_from_directory(str(swagger_ui_path), name)


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
