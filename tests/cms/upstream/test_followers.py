"""Who keeps a template sees who follows it, and what cities say otherwise."""

from __future__ import annotations

from tests.cms.conftest import text_of
from tests.factories import plant, save
from tests.features.upstream.conftest import fetch, here


def test_managers_of_a_template_see_where_followers_differ_but_not_what_they_say(library, template, town_of, people_of):
    page = plant(template, "Führerschein", content="<p>35 Euro.</p>")
    towns = [town_of(template, one) for one in ("eins", "zwei")]
    for town in towns:
        save(town, here(town, page), content="<p>Bei uns ein Geheimnis.</p>")
        fetch(library, town)
    shown = text_of(people_of(template, "manager").get("/settings/followers"))
    assert "Eins" in shown
    assert "in 2 Städten geändert" in shown
    assert "Geheimnis" not in shown
    assert "Führerschein" in shown


def test_who_has_no_followers_is_told_so(template, people_of):
    assert "Keine Stadt folgt Ihrer." in text_of(people_of(template, "manager").get("/settings/followers"))
    assert people_of(template, "editor").get("/settings/followers").status_code == 403
