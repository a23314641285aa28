"""Every screen that the application has stands in one table, with the states in which it is looked at."""

from __future__ import annotations

import pytest

from cityinfo.app import create_app
from cityinfo.features import accounts, events, moving, onboarding
from cityinfo.features.events import CalendarDraft
from cityinfo.kernel import clock
from tests.browser.desks import open_text
from tests.factories import EDITOR, ask_for_facts, make_city, plant, save, translate
from tests.factories_entries import found, proposed
from tests.factories_events import hold
from tests.factories_media import DOCUMENT, library_of, put
from tests.factories_news import draft
from tests.factories_offers import offer
from tests.factories_people import announced, listed, person
from tests.factories_places import category_of, introduce, settle
from tests.features.deletion.test_deleting import close

pytestmark = pytest.mark.browser

# Below a city, opened by a manager. `{page}` is a page with German and Arabic texts.
SCREENS = {
    "/cms/": ("/cms/",),
    "/cms/<tenant>/": ("",),
    "/cms/<tenant>/audit": ("audit", "audit?action=TextReturned"),
    "/cms/<tenant>/commons": ("commons", "commons?q=nirgends"),
    "/cms/<tenant>/commons/offered": ("commons/offered",),
    "/cms/<tenant>/commons/offered/<int:entry_id>": ("commons/offered/{page}",),
    "/cms/<tenant>/commons/taken": ("commons/taken",),
    "/cms/<tenant>/contacts": ("contacts", "contacts?q=nirgends", "contacts?archived=1"),
    "/cms/<tenant>/contacts/<int:entry_id>": ("contacts/{contact}",),
    "/cms/<tenant>/contacts/new": ("contacts/new",),
    "/cms/<tenant>/events": ("events", "events?archived=1", "events?view=month", "events?view=month&month=2100-05"),
    "/cms/<tenant>/events/<int:entry_id>": ("events/{event}",),
    "/cms/<tenant>/events/calendars": ("events/calendars",),
    "/cms/<tenant>/events/calendars/<int:calendar_id>": ("events/calendars/{calendar}",),
    "/cms/<tenant>/events/calendars/<int:calendar_id>/change": ("events/calendars/{calendar}/change",),
    "/cms/<tenant>/events/calendars/new": ("events/calendars/new",),
    "/cms/<tenant>/events/new": ("events/new",),
    "/cms/<tenant>/feedback": ("feedback",),
    "/cms/<tenant>/imprint": ("imprint",),
    "/cms/<tenant>/jobs": ("jobs",),
    "/cms/<tenant>/keys": ("keys",),
    "/cms/<tenant>/media": ("media", "media?q=nirgends", "media?folder=Amt"),
    "/cms/<tenant>/media/<int:media_id>": ("media/{file}",),
    "/cms/<tenant>/news": ("news", "news?q=nirgends", "news?archived=1"),
    "/cms/<tenant>/news/<int:entry_id>": ("news/{message}",),
    "/cms/<tenant>/news/feeds": ("news/feeds",),
    "/cms/<tenant>/news/new": ("news/new",),
    "/cms/<tenant>/offers": ("offers", "offers?q=nirgends", "offers?archived=1"),
    "/cms/<tenant>/offers/<int:entry_id>": ("offers/{offer}",),
    "/cms/<tenant>/offers/external": ("offers/external",),
    "/cms/<tenant>/offers/new": ("offers/new",),
    "/cms/<tenant>/organizations": ("organizations", "organizations?q=nirgends", "organizations?archived=1"),
    "/cms/<tenant>/organizations/<int:entry_id>": ("organizations/{organization}",),
    "/cms/<tenant>/organizations/new": ("organizations/new",),
    "/cms/<tenant>/people/<int:membership_id>": ("people/{role}", "people/{role}?verb=publish&kind=page"),
    "/cms/<tenant>/locations": ("locations", "locations?category=advice", "locations?archived=1"),
    "/cms/<tenant>/locations/<int:entry_id>": ("locations/{location}",),
    "/cms/<tenant>/locations/import": ("locations/import",),
    "/cms/<tenant>/locations/new": ("locations/new",),
    "/cms/<tenant>/pages": ("pages", "pages?q=wohnung", "pages?q=nirgends"),
    "/cms/<tenant>/texts/<int:entry_id>/<language>": ("texts/{page}/de", "texts/{page}/ar", "texts/{page}/en"),
    "/cms/<tenant>/texts/<int:entry_id>/<language>/comments": ("texts/{page}/de/comments",),
    "/cms/<tenant>/texts/<int:entry_id>/<language>/offline": ("texts/{page}/de/offline",),
    "/cms/<tenant>/texts/<int:entry_id>/<language>/preview": ("texts/{page}/de/preview",),
    "/cms/<tenant>/texts/<int:entry_id>/<language>/versions": ("texts/{page}/de/versions",),
    "/cms/<tenant>/pages/new": ("pages/new", "pages/new?under={page}"),
    "/cms/<tenant>/people": ("people", "people?q=nobody"),
    "/cms/<tenant>/people/<int:membership_id>/leave": ("people/{role}/leave",),
    "/cms/<tenant>/people/invitations": ("people/invitations",),
    "/cms/<tenant>/proposals": ("proposals", "proposals?show=decided"),
    "/cms/<tenant>/proposals/<int:proposal_id>": ("proposals/{proposal}",),
    "/cms/<tenant>/quality": ("quality",),
    "/cms/<tenant>/replacements": ("replacements", "replacements?words=amt&instead=Rathaus", "replacements?words="),
    "/cms/<tenant>/search": ("search", "search?language=de&words=amt"),
    "/cms/<tenant>/settings": ("settings",),
    "/cms/<tenant>/settings/appearance": ("settings/appearance",),
    "/cms/<tenant>/settings/categories": ("settings/categories",),
    "/cms/<tenant>/settings/categories/<slug>": ("settings/categories/teestuben",),
    "/cms/<tenant>/settings/categories/new": ("settings/categories/new",),
    "/cms/<tenant>/settings/features": ("settings/features",),
    "/cms/<tenant>/settings/languages": ("settings/languages",),
    "/cms/<tenant>/settings/letters": ("settings/letters",),
    "/cms/<tenant>/settings/placeholders": ("settings/placeholders",),
    "/cms/<tenant>/tokens": ("tokens",),
    "/cms/<tenant>/translations": ("translations",),
    "/cms/<tenant>/translations/<language>": ("translations/ar",),
    "/cms/<tenant>/translations/<language>/<int:entry_id>": ("translations/ar/{page}", "translations/ar/{event}"),
    "/cms/<tenant>/translations/<language>/texts": ("translations/ar/texts",),
    "/cms/<tenant>/settings/followers": ("settings/followers",),
    "/cms/<tenant>/settings/updates": ("settings/updates",),
    "/cms/<tenant>/updates": ("updates", "updates?standing=new"),
    "/cms/<tenant>/updates/decisions": ("updates/decisions",),
    "/cms/<tenant>/waiting/<reason>": ("waiting/drafts", "waiting/stale-12"),
    "/cms/<tenant>/webhooks": ("webhooks",),
    "/cms/profile": ("/cms/profile",),
}
# Those of the platform's staff, opened by one of them. `{city}` is the city.
OF_STAFF = {
    "/cms/platform/announcements": ("announcements",),
    "/cms/platform/announcements/<int:announcement_id>": ("announcements/{announcement}",),
    "/cms/platform/announcements/new": ("announcements/new",),
    "/cms/platform/categories": ("categories",),
    "/cms/platform/categories/<slug>": ("categories/advice",),
    "/cms/platform/categories/new": ("categories/new",),
    "/cms/platform/offers": ("offers",),
    "/cms/platform/offers/<alias>": ("offers/sprungbrett",),
    "/cms/platform/offers/new": ("offers/new",),
    "/cms/platform/languages": ("languages",),
    "/cms/platform/languages/<language>": ("languages/ar",),
    "/cms/platform/languages/new": ("languages/new",),
    "/cms/platform/moving": ("moving",),
    "/cms/platform/moving/<int:city_id>": ("moving/{city}",),
    "/cms/platform/people": ("people", "people?only=locked", "people?q=nirgends"),
    "/cms/platform/people/<int:account_id>": ("people/{account}",),
    "/cms/platform/deletions": ("deletions", "deletions?show=deleted"),
    "/cms/platform/deletions/<int:city_id>": ("deletions/{city}", "deletions/{closed}"),
    "/cms/platform/cities": ("cities", "cities?need=managers&sort=outdated", "cities?q=nirgends"),
    "/cms/platform/cities/<int:city_id>": ("cities/{city}", "cities/{clone}"),
    "/cms/platform/cities/<int:city_id>/clone": ("cities/{clone}/clone",),
    "/cms/platform/cities/new": ("cities/new", "cities/new?q=kiel"),
    "/cms/platform/cities/new/content": (
        "cities/new/content?source=teststadt&name=Kiel",
        "cities/new/content?source=-&name=Kiel",
        "cities/new/content?source=teststadt",
    ),
    "/cms/platform/cities/new/plan": (
        "cities/new/plan?source=teststadt&name=Kiel&languages=de&kinds=page",
        "cities/new/plan?source=teststadt&name=Kiel&languages=ar",
    ),
}
SHARES = 6  # in which all of them are looked at, so that none takes too long
# What is looked at on the way that leads there.
ELSEWHERE = {
    "/cms/<tenant>/texts/<int:entry_id>/<language>/merge": "test_writing",
    "/cms/<tenant>/proposals/mine": "test_proposals",
    "/cms/<tenant>/records": "test_proposals",
    "/cms/<tenant>/records/<int:entry_id>": "test_proposals",
    "/cms/<tenant>/updates/<int:source_id>/<int:source_entry_id>": "test_updates",
    "/cms/<tenant>/commons/<int:source_id>/<int:entry_id>": "test_commons",
    "/cms/<tenant>/commons/corrections/<int:entry_id>/<language>": "test_commons",
    "/cms/<tenant>/webhooks/<int:webhook_id>": "test_webhooks",
    "/cms/invitation/<token>": "test_login",
    "/cms/login": "test_login",
    "/cms/login/again": "test_writing",
    "/cms/password/": "test_login",
    "/cms/password/<token>": "test_login",
    "/cms/preview/<token>": "test_preview",
    "/cms/profile/second-factor": "test_login",
}
# Answers for scripts, files, and ways on to another screen.
NO_SCREEN = {
    "/cms/<path:lost>",
    "/cms/<tenant>/audit.csv",
    "/cms/<tenant>/cards/<int:contact_id>",
    "/cms/<tenant>/files/<int:media_id>",
    "/cms/<tenant>/texts/<int:entry_id>/<language>/others",
    "/cms/<tenant>/media/shelf",
    "/cms/<tenant>/targets/<role>",
    "/cms/<tenant>/translations/<language>/next",
    "/cms/locale/<locale>",
    "/cms/platform/cities.csv",
    "/cms/platform/deletions/<int:city_id>/archive",
    "/cms/closed/<int:city_id>/archive",
    "/cms/static/<name>",
}


@pytest.fixture
def page(service):
    page_id = plant(service.city, "Wohnung anmelden", content="<p>Kommen Sie zum Amt.</p>")
    translate(service.city, page_id, "ar", "تسجيل السكن", content="<p>مرحبا</p>")
    save(service.city, page_id, content="<p>Kommen Sie bald zum Amt.</p>")
    return page_id


def test_every_screen_of_the_application_has_its_row(service):
    rules = create_app(service.settings, database=service.database).url_map.iter_rules()
    asked = {rule.rule for rule in rules if rule.rule.startswith("/cms") and "GET" in (rule.methods or ())}
    assert asked == {*SCREENS, *OF_STAFF, *ELSEWHERE, *NO_SCREEN}


@pytest.fixture
def event(service):
    return hold(service.city, "Sprachcafé", "2100-05-04T15:00", rules=["FREQ=WEEKLY;BYDAY=TU"])


@pytest.fixture
def file(service):
    library = library_of(service.database, service.settings)
    put(library, service.city, DOCUMENT, name="satzung.pdf", folder="Amt/Recht")
    return put(library, service.city, name="haus.jpg", folder="Amt", de="Ein gelbes Haus")


@pytest.fixture
def location(service):
    hours = "Mo-Fr 08:00-12:00,13:00-17:00; May 01-Sep 30 Sa 10:00-12:00; PH off; 2099 Dec 24 off"
    return settle(service.city, "Rathaus", hours=hours)


@pytest.fixture
def category(service):
    return category_of(service.city, "teestuben", de="Teestuben", ar="مقهى الشاي")


@pytest.fixture
def contact(service, location):
    return introduce(service.city, "Auskunft", location=location, phone="0821 3240")


@pytest.fixture
def role(service):
    with service.city.read() as db:
        return accounts.people(db)[0].membership.id


@pytest.fixture
def organization(service):
    return found(service.city, "Caritas")


@pytest.fixture
def proposal(service, organization):
    return proposed(service.city, organization)


@pytest.fixture
def offer_(service):
    return offer(service.city, "Sprachkurs", sort="course", audiences=["newcomers"], cost_from=0, cost_to=0)


@pytest.fixture
def message(service):
    return draft(service.city, "Uferweg gesperrt")


@pytest.fixture
def calendar(service):
    """One whose last run left something out, and that could not be read since."""
    draft = CalendarDraft(name="جمعية", address="https://example.org/termine.ics", language="de", category="Kultur")
    with service.city.write() as db:
        made = events.add_calendar(db, draft, actor=EDITOR)
        made.last_run_at, made.last_error = clock.now(), "The calendar's server takes too long; try again later."
        left_out = {"uid": "1", "title": "معرض", "reason": "It has no title; give it one in the calendar.", "line": 4}
        made.runs = [
            {"at": f"2026-11-2{day}T01:00:00+00:00", "error": made.last_error, "rejected": []} for day in (9, 8)
        ]
        made.last_result = {"new": 3, "changed": 0, "left_out": 1, "rejected": [left_out]}
        made.runs += [{"at": "2026-11-27T01:00:00+00:00", "error": "", **made.last_result}]
        return made.id


@pytest.fixture
def made(
    service, page, event, role, organization, proposal, offer_, message, file, location, contact, calendar, category
):
    """What stands for the names in the paths above."""
    ask_for_facts(service.city)
    named = {"organization": organization, "proposal": proposal, "offer": offer_, "message": message, "file": file}
    named |= {"calendar": calendar, "category": category}
    return {"page": page, "event": event, "role": role, "location": location, "contact": contact, **named}


@pytest.mark.parametrize("share", range(SHARES))
def test_every_screen_can_be_used_by_everyone_in_the_light_and_in_the_dark(visit, made, share):
    visit.come_in("mara@example.org")
    for paths in list(SCREENS.values())[share::SHARES]:
        for path in paths:
            visit.open(path if path.startswith("/") else f"/cms/teststadt/{path.format(**made)}")
            visit.look()


def moves_in(city):
    """Let the city come from elsewhere, with one run that left something to look at."""
    report = moving.Report(entries={"page": {"new": 3, "left": 1}}, texts={"de": {"new": 4}}, notes=[("/a", "Warum.")])
    report.files, report.nowhere = {"new": 2, "same": 0, "failed": 1}, [("/a", "https://integreat.app/b")]
    moments = {"began_at": clock.now(), "ended_at": clock.now()}
    where = {"source": "https://alt.example", "region": "a", "hosts": [], "last": {}, "asked_by": "x"}
    with city.write() as db:
        db.add(moving.MoveIn(**where, asked_at=clock.now()))
        db.add(moving.MoveInRun(number=1, job_id=1, report=report.plain(), **moments))


def test_every_screen_of_the_platforms_staff_can_be_used_by_everyone(visit, service):
    staff = person(service.database, "Sina", staff=True, password=True)
    named = {"city": service.city.tenant_id, "account": staff, "announcement": announced(service.database)}
    ending = make_city(service.database, "endstadt")
    close(ending)
    named["closed"] = ending.tenant_id
    moves_in(service.city)
    contact = introduce(service.city, "Auskunft", phone="0821 3240")
    plant(service.city, "Wohnen", content=f'<p>Hier:</p><contact-card entry="{contact}" show="phone"></contact-card>')
    listed(service.database)
    kiel = onboarding.CityDraft(slug="kiel", name="Kiel")
    named["clone"] = onboarding.request(service.database, "teststadt", kiel, actor=EDITOR).tenant_id
    visit.come_in("sina@example.org")
    for path in (path for paths in OF_STAFF.values() for path in paths):
        visit.open(f"/cms/platform/{path.format(**named)}")
        visit.complaints = [one for one in visit.complaints if "422" not in one]  # named by the browser itself
        visit.look()


def test_every_menu_and_every_dialog_of_the_editor_can_be_used_by_everyone(service, visit, page):
    visit.come_in("mara@example.org")
    open_text(visit, page)
    for dialog in visit.page.locator("dialog[data-dialog]").all():
        name = dialog.get_attribute("data-dialog")
        visit.page.locator(f"[data-tool={name}]").click()  # a key would go wherever the focus is just returning to
        dialog.locator("input, select").first.wait_for()
        visit.look()
        visit.page.keyboard.press("Escape")
        dialog.locator("input, select").first.wait_for(state="hidden")
    menus = visit.page.locator("details.menu:visible, .panel details")
    for number in range(menus.count()):
        menus.nth(number).locator("> summary").press("Enter")
        visit.check()
        visit.page.keyboard.press("Escape")
