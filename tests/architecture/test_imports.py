"""Who may import whom. One direction only: kernel ← features ← web ← faces; `app` is where all parts meet."""

from __future__ import annotations

import pytest

from cityinfo import registry
from tests.architecture.code import ROOT, modules, stands_in

# Room → rooms of ours that it may import. Every room may import itself, except where the tests below say more.
MAY_IMPORT = {
    "kernel": set(),
    "settings": {"kernel.errors", "kernel.i18n"},
    "features": {"kernel", "features"},
    "adapters": {"kernel.errors", "kernel.i18n", "kernel.clock", "settings", "features"},
    "registry": {"kernel", "features"},
    "schema": {"kernel", "settings", "registry"},
    "web": {"kernel", "settings", "features"},
    "api": {"kernel", "features", "web"},
    "cms": {"kernel", "features", "web"},
    "cli": {"kernel", "features", "settings", "web", "registry", "schema", "app", "adapters"},
    "app": {"kernel", "features", "settings", "web", "registry", "schema", "adapters", "api", "cms"},
}
# What stays out of the product's own rules. Module → why.
EXCEPTIONS = {
    ("cli.worker", "adapters"): "names the queue's types; it is made by app",
    ("adapters.huey_queue", "settings"): "the settings choose between SQLite and Redis",
}
FACES = ("api.v1", "api.integreat", "cms", "cli")
WITHOUT_CONTENT_TYPES = ("publishing", "search", "translation", "quality", "onboarding")
CONTENT_TYPES = {one.kind for one in registry.CONTENT_TYPES} | {"pages"}
SHARED_ADAPTER = "adapters.outside"  # keeps requests to addresses that others named out of our own network
# Answers are found by tenant and publication, bytes by their key, callers by their login and what they may do.
# Whoever works in a city that was closed is told so instead of “not found”.
WEB_KNOWS = {"tenants", "publishing", "media", "accounts", "logins", "tokens", "deletion"}
LIBRARIES = {
    "flask": ("web", "api", "cms", "reader", "app"),
    "flask_smorest": ("api.v1",),
    "marshmallow": ("web", "api"),
    "sqlalchemy": ("kernel", "features", "schema", "web.health", "cli"),
    "flask_jwt_extended": ("web.identity",),
    "jwt": ("web.identity",),
    "argon2": ("features.logins.passwords",),
    "zxcvbn": ("features.logins.passwords",),
    "pyotp": ("features.logins.codes",),
    "webauthn": ("features.logins.passkeys",),
    "ua_parser": ("features.logins.devices",),
    "itsdangerous": ("features.logins.seals", "cms.writing.preview"),
    "cryptography": ("features.logins.seals",),
    "smtplib": ("adapters.smtp",),
    "babel": ("cli.translations",),
    "gettext": ("kernel.i18n",),
    "alembic": ("schema",),
    "huey": ("adapters.huey_queue",),
    "redis": ("adapters.huey_queue",),
    "httpx": ("adapters",),
    "granian": ("cli.serve",),
    "structlog": ("web",),
    "prometheus_client": ("web.metrics",),
    "nh3": ("kernel.html",),
    "msgspec": ("kernel.parts", "features.archives.plain"),
    "tomli_w": ("features.archives.folders",),
    "numpy": ("features.search.postings", "features.search.embeddings", "features.search.ports", "adapters"),
    "onnx": ("adapters.e5.graph",),
    "onnxruntime": ("adapters.e5.encoder",),
    "Stemmer": ("features.search.languages",),
    "click": ("cli",),
    "openpyxl": ("features.municipalities.sheets",),
    "boto3": ("adapters.s3",),
    "botocore": ("adapters.s3",),
    "PIL": ("features.media.pixels",),
    "py_svg_hush": ("features.media.drawings",),
    "feedparser": ("adapters.feeds",),
    "google": ("adapters.fcm",),
    "pywebpush": ("adapters.webpush",),
    "py_vapid": ("adapters.webpush",),
    "limits": ("web.limits",),
}


def room_of(name):
    return name.split(".")[0]


def own(name):
    """Whether an imported name is ours."""
    return (ROOT / room_of(name)).exists() or (ROOT / f"{room_of(name)}.py").exists()


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_a_room_imports_only_rooms_below_it(module):
    room = room_of(module.name)
    if not room:
        return
    for name in filter(own, module.imports()):
        allowed = stands_in(name, room) or any(stands_in(name, other) for other in MAY_IMPORT[room])
        assert allowed, f"{module.name} imports {name}"


@pytest.mark.parametrize("module", [one for one in modules() if one.name.count(".") >= 1], ids=lambda one: one.name)
def test_a_feature_imports_only_features_before_it_and_by_package_name(module):
    if not module.name.startswith("features."):
        return
    feature = module.name.split(".")[1]
    place = registry.FEATURES.index(feature)
    for name in module.imports():
        if not name.startswith("features.") or stands_in(name, f"features.{feature}"):
            continue
        other = name.split(".")[1]
        assert registry.FEATURES.index(other) < place, f"{module.name} imports {name}"
        inner = ROOT / "features" / other / f"{name.split('.')[2]}.py" if name.count(".") > 2 else None
        assert inner is None or not inner.exists(), f"{module.name} reaches into {name}"


def test_parts_that_work_on_all_content_know_no_content_type():
    for module in modules():
        if any(stands_in(module.name, f"features.{feature}") for feature in WITHOUT_CONTENT_TYPES):
            known = {
                name for name in module.imports() if any(stands_in(name, f"features.{one}") for one in CONTENT_TYPES)
            }
            assert not known, f"{module.name} imports {known}"


def test_faces_know_nothing_of_each_other():
    for module in modules():
        for face in FACES:
            if stands_in(module.name, face):
                others = [other for other in FACES if other != face]
                assert not [name for name in module.imports() if any(stands_in(name, other) for other in others)]


def test_the_http_rooms_know_only_the_features_they_need():
    for module in modules():
        if stands_in(module.name, "web"):
            used = {name.split(".")[1] for name in module.imports() if name.startswith("features.")}
            assert used <= WEB_KNOWS, f"{module.name} imports {used - WEB_KNOWS}"


def test_adapters_know_only_the_ports_of_features():
    for module in modules():
        if stands_in(module.name, "adapters"):
            assert not [name for name in module.imports() if name.startswith("features.") and ".ports" not in name]
            own = ".".join(module.name.split(".")[:2])
            others = {name for name in module.imports() if stands_in(name, "adapters") and not stands_in(name, own)}
            assert all(stands_in(name, SHARED_ADAPTER) for name in others), f"{module.name} imports {others}"


def test_only_the_terminal_and_the_server_import_the_application():
    for module in modules():
        if any(stands_in(name, "app") for name in module.imports()):
            assert stands_in(module.name, "cli"), f"{module.name} imports the application"


def test_only_the_application_wires_adapters():
    for module in modules():
        if any(stands_in(name, "adapters") for name in module.imports()) and not stands_in(module.name, "adapters"):
            assert module.name == "app" or (module.name, "adapters") in EXCEPTIONS


@pytest.mark.parametrize(("library", "rooms"), LIBRARIES.items())
def test_a_library_is_known_only_where_it_belongs(library, rooms):
    for module in modules():
        if any(stands_in(name, library) for name in module.imports()):
            assert any(stands_in(module.name, room) for room in rooms), f"{module.name} imports {library}"


def test_every_exception_is_still_needed():
    for (name, room), why in EXCEPTIONS.items():
        module = next(one for one in modules() if one.name == name)
        assert any(stands_in(one, room) for one in module.imports()), why


def test_the_table_of_contents_lists_every_feature():
    folders = {path.name for path in (ROOT / "features").iterdir() if (path / "__init__.py").exists()}
    assert set(registry.FEATURES) == folders
