"""Whole branches of the tree are moved, with a mouse and without, by one person and by two at once."""

from __future__ import annotations

import pytest

from cityinfo.features import pages
from tests.browser.conftest import visiting
from tests.factories import plant

pytestmark = pytest.mark.browser


@pytest.fixture
def tree(service):
    """Welcome; Housing with Registration, which has Forms, and Searching; Health."""
    city = service.city
    found = {"Willkommen": plant(city, "Willkommen"), "Wohnen": plant(city, "Wohnen")}
    found["Anmelden"] = plant(city, "Anmelden", under=found["Wohnen"])
    found["Formulare"] = plant(city, "Formulare", under=found["Anmelden"])
    found["Suchen"] = plant(city, "Suchen", under=found["Wohnen"])
    found["Gesundheit"] = plant(city, "Gesundheit")
    return found


@pytest.fixture
def desk(visit, tree):
    return look(visit, "mara", tree)


def look(someone, name, tree):
    """Someone looks at the tree with everything open."""
    someone.come_in(f"{name}@example.org")
    look_again(someone, tree)
    return someone


def look_again(someone, tree):
    someone.open(f"/cms/teststadt/pages?open={'.'.join(map(str, tree.values()))}")


def row(someone, title):
    return someone.page.get_by_role("row").filter(has=someone.page.get_by_text(title, exact=True))


def shown(someone):
    """The tree as it stands on the screen: a title in as many dots as it stands deep."""
    rows = someone.page.locator("tbody tr").all()
    return [int(one.get_attribute("aria-level")) * "." + one.locator(".title").inner_text() for one in rows]


def said(someone, words):
    someone.page.get_by_text(words).first.wait_for()


def settle(someone):
    """Until the answer is there."""
    someone.page.wait_for_function("() => !document.querySelector('[aria-busy]')")


def kept(service):
    """Every page with the one above it."""
    with service.city.read() as db:
        return pages.parents(db)


BEFORE = [".Willkommen", ".Wohnen", "..Anmelden", "...Formulare", "..Suchen", ".Gesundheit"]
MOVED = [".Willkommen", ".Gesundheit", "..Wohnen", "...Anmelden", "....Formulare", "...Suchen"]


def test_a_branch_is_dragged_into_another_page_with_all_below_it_and_comes_back(desk, service, tree):
    assert shown(desk) == BEFORE
    before = kept(service)
    desk.page.drag_and_drop("tr:has-text('Wohnen')", "tr:has-text('Gesundheit') .title")
    said(desk, "„Wohnen“ wurde verschoben.")
    assert shown(desk) == MOVED
    assert kept(service) == {**before, tree["Wohnen"]: tree["Gesundheit"]}
    assert desk.page.evaluate("document.activeElement.dataset.id") == str(tree["Wohnen"])
    desk.look()
    desk.page.get_by_role("button", name="Rückgängig").click()
    desk.page.locator("tbody tr:last-child .title", has_text="Gesundheit").wait_for()
    assert shown(desk) == BEFORE
    assert kept(service) == before


def test_a_branch_is_moved_by_keys_in_out_and_down_and_every_step_can_be_taken_back(desk, service):
    steps = (
        ("Alt+ArrowUp", [".Wohnen", "..Anmelden", "...Formulare", "..Suchen", ".Willkommen", ".Gesundheit"]),
        ("Alt+ArrowDown", BEFORE),
        ("Alt+ArrowRight", [".Willkommen", "..Wohnen", "...Anmelden", "....Formulare", "...Suchen", ".Gesundheit"]),
        ("Alt+ArrowLeft", BEFORE),
    )
    row(desk, "Wohnen").focus()
    for key, wanted in steps:
        before = shown(desk)
        for pressed, expected in ((key, wanted), ("Control+z", before), (key, wanted)):
            desk.page.keyboard.press(pressed)
            settle(desk)
            assert shown(desk) == expected, f"{pressed} after {key}"
            assert row(desk, "Wohnen").evaluate("row => row === document.activeElement")
    desk.check()


def test_a_branch_is_moved_by_the_menu_of_its_row(desk):
    row(desk, "Wohnen").hover()
    desk.page.get_by_role("button", name="Aktionen für Wohnen").click()
    desk.look()
    desk.page.locator("#row-menu").get_by_role("button", name="Unter die Seite davor").press("Enter")
    said(desk, "„Wohnen“ wurde verschoben.")
    assert shown(desk)[:4] == [".Willkommen", "..Wohnen", "...Anmelden", "....Formulare"]


def test_what_would_tie_a_knot_is_refused_and_whoever_was_slower_sees_the_tree_as_it_is(service, browser, tree):
    with visiting(service, browser) as mara, visiting(service, browser) as elif_:
        look(mara, "mara", tree)
        look(elif_, "elif", tree)
        mara.page.drag_and_drop("tr:has-text('Wohnen')", "tr:has-text('Gesundheit') .title")
        said(mara, "„Wohnen“ wurde verschoben.")
        elif_.page.drag_and_drop("tr:has-text('Gesundheit')", "tr:has-text('Wohnen') .title")
        said(elif_, "Eine Seite kann nicht unter sich selbst verschoben werden.")
        elif_.page.locator("tbody tr[aria-level='4']").wait_for()
        assert shown(elif_) == MOVED
        row(elif_, "Suchen").focus()
        elif_.page.keyboard.press("Alt+ArrowUp")
        said(elif_, "„Suchen“ wurde verschoben.")
        assert shown(elif_) == [*MOVED[:3], "...Suchen", "...Anmelden", "....Formulare"]


def test_two_people_who_move_the_same_branches_at_once_never_break_the_tree(service, browser, tree):
    keys = ("Alt+ArrowRight", "Alt+ArrowUp", "Alt+ArrowLeft", "Alt+ArrowDown", "Alt+ArrowRight", "Alt+ArrowLeft")
    with visiting(service, browser) as mara, visiting(service, browser) as elif_:
        look(mara, "mara", tree)
        look(elif_, "elif", tree)
        for number, key in enumerate(keys):
            titles = list(tree)[number:] + list(tree)[:number]
            for someone, title in ((mara, titles[0]), (elif_, titles[1])):
                row(someone, title).focus()
            for someone in (mara, elif_):
                someone.page.keyboard.press(key)  # does not wait for the answer
            settle(mara)
            settle(elif_)
        for someone in (mara, elif_):
            look_again(someone, tree)
        assert shown(mara) == shown(elif_)
        assert sorted(one.lstrip(".") for one in shown(mara)) == sorted(tree)
        assert set(kept(service)) == set(tree.values())


def test_a_branch_is_archived_by_the_menu_and_comes_back_with_all_below_it(desk):
    row(desk, "Wohnen").hover()
    desk.page.get_by_role("button", name="Aktionen für Wohnen").press("Enter")
    desk.page.locator("#row-menu").get_by_role("button", name="Archivieren").press("Enter")
    said(desk, "„Wohnen“ wurde archiviert.")
    assert shown(desk) == [".Willkommen", ".Gesundheit"]
    desk.look()
    desk.page.keyboard.press("Control+z")
    said(desk, "„Wohnen“ ist wieder da.")
    assert shown(desk) == BEFORE
