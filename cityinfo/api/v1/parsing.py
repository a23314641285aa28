"""What programs send as JSON, read so that nothing they can write is more than we can take."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn

from flask import Request
from flask_smorest import Blueprint
from webargs import missing
from webargs.flaskparser import FlaskParser, is_json_request

from cityinfo.kernel.errors import Invalid

_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonParser(FlaskParser):
    """Refuses with 400 what nests too deeply, has numbers that are too long, and what is JSON to Python alone."""

    def _raw_load_json(self, req: Request) -> Any:
        if not is_json_request(req):
            return missing
        try:
            return json.loads(req.get_data(cache=True).decode("utf-8"), parse_constant=_refuse)
        except (RecursionError, ValueError) as error:
            if isinstance(error, json.JSONDecodeError) and not error.doc:
                return missing
            self._handle_invalid_json_error(error, req)  # type: ignore[arg-type] # it is not looked at


class Section(Blueprint):  # type: ignore[misc] # the library has no types
    """A group of operations whose bodies are read so."""

    ARGUMENTS_PARSER = JsonParser()


def keepable(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that is given no words which cannot be kept."""

    @wraps(view)
    def checked(*args: Any, **path: Any) -> Any:
        for one in args:
            check_keepable(one)
        return view(*args, **path)

    return checked


def check_keepable(value: Any) -> None:
    """`Invalid` for characters that JSON can write and no database keeps."""
    if isinstance(value, str):
        if "\0" in value or _SURROGATE.search(value):
            raise Invalid("request.characters", "There are characters in this that cannot be kept; leave them out.")
    elif isinstance(value, Mapping):
        check_keepable([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        for one in value:
            check_keepable(one)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
