"""What is not there is named by a noun of its own, which other languages decline."""

from __future__ import annotations

from cityinfo.features import contacts, events, imprint, locations, media, news, offers, organizations, pages
from cityinfo.features.content import rules
from cityinfo.kernel import i18n


def test_every_kind_has_a_german_sentence_of_its_own_for_what_is_not_there():
    kinds = (contacts, events, imprint, locations, media, news, offers, organizations, pages)
    for kind in (*(one.KIND for one in kinds), events.OCCURRENCE):
        for sentence in (rules.no_such(kind, 7), rules.leads_nowhere(kind, 7)):
            assert "entry" not in sentence
            with i18n.speaking("de"):
                assert "Eintrag" not in i18n.said(sentence) != sentence
