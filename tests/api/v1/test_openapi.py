"""The description of version 1, and the promise that every failure under it is a problem."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource

from cityinfo.cli.openapi import openapi
from cityinfo.features import tenants
from tests.factories import plant, translate
from tests.factories_offers import offer, publish_imprint

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

HERE = "/api/v1/tenants/teststadt"
CONTRACT = Path(__file__).parents[3] / "docs" / "openapi.json"
PROBLEM = "application/problem+json"


@pytest.fixture
def spec(client):
    return client.get("/api/v1/openapi.json").json


@pytest.fixture
def operations(spec):
    """Those that read what is published, by their addresses."""
    return {path: item["get"] for path, item in spec["paths"].items() if "get" in item and not is_personal(path)}


@pytest.fixture
def sending(spec):
    """Those that take something from everyone."""
    return {path: item["post"] for path, item in spec["paths"].items() if "post" in item and not is_personal(path)}


@pytest.fixture
def personal(spec):
    """Those that answer one person alone, by address and method."""
    return {
        (path, method): item[method]
        for path, item in spec["paths"].items()
        for method in item.keys() & {"get", "post", "put", "patch", "delete"}
        if is_personal(path)
    }


def is_personal(path):
    return path.startswith(("/api/v1/auth/", "/api/v1/manage/"))


@on_one_database
def test_the_description_is_valid_openapi_3_1(spec):
    assert spec["openapi"] == "3.1.0"
    validate(spec)


@on_one_database
def test_every_address_of_the_face_is_described(client, spec):
    documentation = {"/api/v1/openapi.json", "/api/v1/docs"}
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in client.application.url_map.iter_rules()}
    public = {rule for rule in rules if rule.startswith("/api/v1/") and not rule.startswith("/api/v1/docs/")}
    assert set(spec["paths"]) == public - documentation


@on_one_database
def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(operations, sending, personal):
    everything = [*operations.values(), *sending.values(), *personal.values()]
    names = [one["operationId"] for one in everything]
    assert len(set(names)) == len(names)
    assert [one["operationId"] for one in everything if not one["summary"]] == []


@on_one_database
def test_what_takes_something_says_what_and_how_it_answers(sending):
    answers = {one["operationId"]: one["responses"].keys() for one in sending.values()}
    assert answers.keys() == {"sendFeedbackToCity", "subscribe"}
    assert all(one["requestBody"]["content"].keys() == {"application/json"} for one in sending.values())
    assert answers["sendFeedbackToCity"] == {"201", "400", "404", "413", "422", "429", "503"}
    assert {"204", "404", "422", "503"} <= answers["subscribe"]


@on_one_database
def test_every_operation_says_which_problems_it_knows(spec, operations):
    for operation in operations.values():
        answers = operation["responses"]
        assert {"200", "304", "404", "422", "503"} <= answers.keys()
        for status in answers.keys() - {"200"}:
            described = spec["components"]["responses"][answers[status]["$ref"].rpartition("/")[2]]
            assert described.get("content", {PROBLEM: {}}).keys() == {PROBLEM}


@on_one_database
def test_what_answers_one_person_says_that_others_are_refused(personal):
    assert [place for place, operation in personal.items() if "401" not in operation["responses"]] == []


@on_one_database
def test_redirects_and_lost_cursors_are_described_where_they_happen(operations):
    by_status = {
        status: {one["operationId"] for one in operations.values() if status in one["responses"]}
        for status in ("301", "410")
    }
    lists = {one["operationId"] for one in operations.values() if one["operationId"].startswith("list")}
    assert by_status == {"301": {"getPageByPath"}, "410": lists}


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/tenants", "/api/v1/tenants?near=48,10"),
        ("/api/v1/tenants/{tenant}", HERE),
        ("/api/v1/tenants/{tenant}/{language}/pages", f"{HERE}/de/pages"),
        ("/api/v1/tenants/{tenant}/{language}/pages/{page_id}", f"{HERE}/de/pages/PAGE"),
        ("/api/v1/tenants/{tenant}/{language}/pages/by-path/{path}", f"{HERE}/de/pages/by-path/arbeit"),
        ("/api/v1/tenants/{tenant}/{language}/offers", f"{HERE}/de/offers"),
        ("/api/v1/tenants/{tenant}/{language}/offers/{entry_id}", f"{HERE}/de/offers/OFFER"),
        ("/api/v1/tenants/{tenant}/{language}/imprint", f"{HERE}/de/imprint"),
        ("/api/v1/tenants/{tenant}/{language}/changes", f"{HERE}/de/changes"),
        ("/api/v1/tenants/{tenant}/{language}/bundle", f"{HERE}/de/bundle"),
    ],
)
def test_answers_are_as_described(client, city, spec, path, address):
    page = plant(city, "Arbeit")
    translate(city, page, "en", "Work")
    publish_imprint(city)
    course = offer(city, "Kurs", age_from=18, cost_from=0, schedule=[{"day": "mo", "from": "09:00", "to": "10:00"}])
    answer = client.get(address.replace("PAGE", str(page)).replace("OFFER", str(course)))
    assert answer.status_code == 200
    described = spec["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    described = {"$ref": f"urn:spec{described['$ref']}"}
    registry = Registry().with_resource("urn:spec", Resource.from_contents(_named_only(spec)))
    Draft202012Validator(described, registry=registry).validate(answer.json)


@on_one_database
def test_the_command_prints_the_same_description(client, spec, tmp_path, monkeypatch):
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(tmp_path / "cli"))
    printed = CliRunner().invoke(openapi, [], catch_exceptions=False)
    assert printed.output == client.get("/api/v1/openapi.json").text + "\n"


def test_the_contract_in_the_repository_is_what_the_service_says_of_itself(client):
    """A changed answer is a visible change of docs/openapi.json: `cityinfo openapi > docs/openapi.json` writes it."""
    kept = CONTRACT.read_text("utf-8")
    assert kept == client.get("/api/v1/openapi.json").text + "\n"


def test_the_page_for_people_shows_the_editing_part(spec):
    editing = [path for path in spec["paths"] if path.startswith("/api/v1/manage/")]
    assert len(editing) > 70
    assert all(
        one["security"] for path in editing for method, one in spec["paths"][path].items() if method != "parameters"
    )
    assert spec["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


@on_one_database
def test_the_page_for_people_needs_nothing_from_elsewhere(client):
    page = client.get("/api/v1/docs")
    assert page.content_type.startswith("text/html")
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert addresses
    for address in addresses:
        assert address.startswith("/api/v1/")
        with client.get(address) as part:
            assert part.status_code == 200


@on_one_database
def test_the_page_for_people_runs_only_scripts_of_its_own(client):
    page = client.get("/api/v1/docs")
    assert "<script>" not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]


@on_one_database
@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/v1", 404, "http.not_found"),
        ("GET", "/api/v1/gibt-es-nicht", 404, "http.not_found"),
        ("GET", "/api/v1/tenants/nirgendwo", 404, "tenant.unknown"),
        ("GET", "/api/v1/docs/passwd", 404, "http.not_found"),
        ("POST", "/api/v1/tenants", 405, "http.method_not_allowed"),
        ("DELETE", "/api/v1/tenants/nirgendwo", 405, "http.method_not_allowed"),
        ("GET", "/api/v1/tenants?limit=abc", 422, "request.invalid"),
    ],
)
def test_every_failure_is_a_problem(client, method, address, status, code):
    answer = client.open(address, method=method)
    assert (answer.status_code, answer.content_type) == (status, PROBLEM)
    assert (answer.json["status"], answer.json["code"], answer.json["type"]) == (status, code, "about:blank")
    assert answer.json["title"]
    assert answer.json["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


@on_one_database
def test_a_refused_method_says_which_are_allowed(client):
    assert {"GET", "HEAD"} <= set(client.post("/api/v1/tenants").headers["Allow"].split(", "))


@on_one_database
def test_a_fault_of_ours_is_a_problem_that_tells_no_secrets(client, monkeypatch):
    def break_down(db):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(tenants, "directory", break_down)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/api/v1/tenants")
    assert (answer.status_code, answer.content_type) == (500, PROBLEM)
    assert "secret" not in answer.text


@on_one_database
def test_other_addresses_are_not_answered_by_this_face(client):
    for address in ("/gibt-es-nicht", "/api/v11"):
        assert client.get(address).content_type != PROBLEM


def _named_only(spec):
    """References in the description lead to `#/…` of itself; the dialect is the one OpenAPI 3.1 builds on."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **spec}
