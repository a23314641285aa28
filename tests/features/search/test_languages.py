"""What readers type finds what is meant, in each language in its own way."""

from __future__ import annotations

import tomllib
from importlib import resources

import orjson
import pytest

from cityinfo.features import search
from cityinfo.features.publishing import Change
from cityinfo.features.search.index import Index
from cityinfo.features.search.rules import LEAST_SHARE, wanted
from cityinfo.features.search.synonyms import Lexicon, is_one_mistake

# Titles by language, with words below them. Every query has to tell them apart.
SHELVES = {
    "de": {
        "Kinderbetreuung": "Krippe, Kindergarten und Tagesmütter. Anmeldung im Rathaus.",
        "Krankenversicherung": "Wer hier arbeitet, ist gesetzlich versichert. Die Gesundheitskarte kommt mit der Post.",
        "Bürgerbüro": "Ummelden und Ausweise. Hauptstraße 12, 86150 Augsburg. Telefon 0821 3102-2222.",
        "Straßenbahn": "Linie 3 fährt alle zehn Minuten. Fahrkarten gibt es am Automaten.",
        "Müllabfuhr": "Die graue Tonne wird alle zwei Wochen geleert.",
        "Arbeitserlaubnis": "Wer arbeiten möchte, braucht eine Erlaubnis der Ausländerbehörde.",
        "Zahnärzte": "Eine Liste der Praxen im Landkreis. 86199 Göggingen, Telefon +49 (821) 99 88 77.",
    },
    "ar": {
        "الإقامة": "تحتاج إلى تصريح من مكتب الأجانب.",
        "المدرسة": "يجب على جميع الأطفال الذهاب إلى المدرسة.",
        "مستشفى": "الرعاية الطبية في الليل.",
        "العمل": "كيف تجد وظيفة في المدينة.",
    },
    "fa": {
        "مدرسه و آموزش": "کودکان باید به مدرسه بروند.",
        "کار": "برای کار کردن به اجازه نیاز دارید. می‌خواهم کار کنم.",
        "پزشک": "فهرست پزشکان شهر.",
    },
    "uk": {
        "Школи": "Усі діти мають відвідувати школу.",
        "Лікарні": "Медична допомога вночі.",
        "П'ять порад": "Як знайти квартиру.",
        "Страхування": "Медичне страхування для працівників.",
    },
    "ru": {
        "Школы": "Все дети должны посещать школу.",
        "Больницы": "Медицинская помощь ночью.",
        "Жильё": "Как найти квартиру в нашем городе.",
    },
    "ti": {"ትምህርቲ": "ኩሎም ቆልዑ ናብ ቤት ትምህርቲ ክኸዱ ኣለዎም።", "ሆስፒታል": "ሓገዝ ሕክምና ብለይቲ።", "ስራሕ": "ስራሕ ከመይ ትረክብ።"},
    "am": {"ትምህርት ቤቶች": "ልጆች ሁሉ ወደ ትምህርት ቤት መሄድ አለባቸው።", "ሆስፒታል": "የሌሊት ሕክምና።", "ሥራ": "ሥራ እንዴት እንደሚገኝ።"},
    "zh": {"居民登记": "搬家后请到市政厅注册您的住址。", "医院": "夜间医疗帮助。", "工作": "如何找到工作。"},
    "tr": {"İş arama": "Şehirde iş bulmak.", "Hastane": "Gece tıbbi yardım.", "Çöp": "Çöp toplama günleri."},
}


def shelf(language: str, texts: dict[str, str], **facts: object) -> Index:
    """An index of documents as they are published."""
    documents = [
        {"id": number, "kind": "page", "language": language, "title": title, "content": f"<p>{text}</p>", **facts}
        for number, (title, text) in enumerate(texts.items(), 1)
    ]
    return Index().with_changes([Change("page", one["id"], 1, orjson.dumps(one)) for one in documents], {"page"})


def titles(index: Index, query: str, language: str, *, groups=()) -> list[str]:
    looked_for = wanted(query, Lexicon.of(language, groups), index.postings)
    scores = index.scores(looked_for.weights, looked_for.asked)
    return [one.listing.title for one in index.ranked(scores, least=LEAST_SHARE)]


@pytest.fixture(scope="module")
def shelves():
    return {language: shelf(language, texts) for language, texts in SHELVES.items()}


@pytest.mark.parametrize(
    ("language", "query", "title"),
    [
        pytest.param("de", "Versicherung", "Krankenversicherung", id="the end of a German compound"),
        pytest.param("de", "Kinder", "Kinderbetreuung", id="the beginning of a German compound"),
        pytest.param("de", "Kranken-Versicherung", "Krankenversicherung", id="a compound with a hyphen"),
        pytest.param("de", "Strassenbahn", "Straßenbahn", id="ss for ß"),
        pytest.param("de", "STRASSENBAHN", "Straßenbahn", id="capitals without ß"),
        pytest.param("de", "Buergerbuero", "Bürgerbüro", id="digraphs for umlauts"),
        pytest.param("de", "burgerburo", "Bürgerbüro", id="no umlauts at all"),
        pytest.param("de", "Bürgerbüros", "Bürgerbüro", id="a German plural"),
        pytest.param("de", "Tagesmutter", "Kinderbetreuung", id="an umlaut of the plural"),
        pytest.param("de", "Zahnarzt", "Zahnärzte", id="a singular of a plural with umlaut"),
        pytest.param("de", "Müllabfur", "Müllabfuhr", id="a letter left out"),
        pytest.param("de", "Strassenbhan", "Straßenbahn", id="two letters exchanged"),
        pytest.param("de", "Kindre", "Kinderbetreuung", id="letters exchanged at the end"),
        pytest.param("de", "Arb", "Arbeitserlaubnis", id="three letters while typing"),
        pytest.param("de", "Arbeitserl", "Arbeitserlaubnis", id="half a word while typing"),
        pytest.param("de", "Wann wird bei mir der Müll abgeholt?", "Müllabfuhr", id="a question as people ask it"),
        pytest.param("de", "Wo kann ich meine Kinder anmelden?", "Kinderbetreuung", id="another question"),
        pytest.param("de", "08213102 2222", "Bürgerbüro", id="a number with other gaps"),
        pytest.param("de", "+49 821 31022222", "Bürgerbüro", id="a number with its country"),
        pytest.param("de", "0821/998877", "Zahnärzte", id="a number without its country"),
        pytest.param("de", "86150", "Bürgerbüro", id="a postal code"),
        pytest.param("de", "86199", "Zahnärzte", id="another postal code"),
        pytest.param("ar", "الاقامة", "الإقامة", id="no hamza"),
        pytest.param("ar", "إقامة", "الإقامة", id="no article"),
        pytest.param("ar", "مدرسه", "المدرسة", id="ha for ta marbuta"),
        pytest.param("ar", "مُسْتَشْفَى", "مستشفى", id="vowel signs"),
        pytest.param("ar", "مستشفي", "مستشفى", id="ya for alef maksura"),
        pytest.param("fa", "مدرسة", "مدرسه و آموزش", id="an Arabic letter in a Persian word"),
        pytest.param("fa", "كار", "کار", id="Arabic kaf for Persian kaf"),
        pytest.param("fa", "ميخواهم", "کار", id="Arabic ya, and no narrow gap"),
        pytest.param("uk", "школа", "Школи", id="Ukrainian singular"),
        pytest.param("uk", "у лікарнях", "Лікарні", id="Ukrainian locative"),
        pytest.param("uk", "п’ять", "П'ять порад", id="another apostrophe"),
        pytest.param("uk", "страхуванням", "Страхування", id="Ukrainian instrumental"),
        pytest.param("ru", "школе", "Школы", id="Russian dative"),
        pytest.param("ru", "больниц", "Больницы", id="Russian genitive plural"),
        pytest.param("ru", "жилье", "Жильё", id="no dots on yo"),
        pytest.param("ti", "ትምህርቲ", "ትምህርቲ", id="Tigrinya"),
        pytest.param("ti", "ንትምህርቲ", "ትምህርቲ", id="Tigrinya with a prefix"),
        pytest.param("am", "ትምህርት", "ትምህርት ቤቶች", id="Amharic"),
        pytest.param("am", "በሆስፒታሉ", "ሆስፒታል", id="Amharic with prefix and ending"),
        pytest.param("zh", "注册", "居民登记", id="two Chinese signs within a sentence"),
        pytest.param("zh", "登记", "居民登记", id="the end of a Chinese title"),
        pytest.param("zh", "医院在哪里", "医院", id="a Chinese question without gaps"),
        pytest.param("tr", "IŞ", "İş arama", id="a Turkish capital without dot"),
        pytest.param("tr", "copler", "Çöp", id="Turkish typed on another keyboard"),
    ],
)
def test_what_is_typed_finds_what_is_meant(shelves, language, query, title):
    assert titles(shelves[language], query, language)[0] == title


@pytest.mark.parametrize("query", ["xyzzyq", "?", "…", " ", "🙂"])
def test_what_says_nothing_finds_nothing(shelves, query):
    assert titles(shelves["de"], query, "de") == []


def test_words_that_say_little_are_looked_for_when_there_are_no_others():
    index = shelf("de", {"Wer, wie, was": "Wieso, weshalb, warum.", "Rathaus": "Geöffnet am Montag."})
    assert titles(index, "wie was", "de")[0] == "Wer, wie, was"


def test_a_postal_code_finds_no_neighbour_first():
    index = shelf("de", {"A": "86150 Augsburg", "B": "86154 Augsburg", "C": "86156 Augsburg"})
    assert [titles(index, code, "de")[0] for code in ("86150", "86154", "86156")] == ["A", "B", "C"]


def test_common_other_words_are_found_where_the_city_calls_it_differently(shelves):
    assert titles(shelves["de"], "Arbeitsgenehmigung", "de")[0] == "Arbeitserlaubnis"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Mein Mann schlägt mich", "Hilfe für Frauen"),
        ("Ich bin umgezogen", "Einwohnermeldeamt"),
        ("Abendgymnasium", "Zweiter Bildungsweg"),
        ("abgelehnt, was nun?", "Klage beim Verwaltungsgericht"),
        ("Der Vermieter will uns rauswerfen", "Wohnungsverlust"),
    ],
)
def test_everyday_words_find_what_offices_call_otherwise(query, title):
    index = shelf(
        "de",
        {
            "Hilfe für Frauen": "Beratung bei häuslicher Gewalt.",
            "Einwohnermeldeamt": "Hier melden Sie Ihre Adresse.",
            "Zweiter Bildungsweg": "Das Kolleg führt zum Abitur.",
            "Klage beim Verwaltungsgericht": "Sie haben zwei Wochen Zeit.",
            "Wohnungsverlust": "Hilfe bei einer Räumung.",
            "Wohngeld": "Ein Zuschuss zur Miete.",
            **{f"Seite {number}": "Mehr über den Landkreis." for number in range(50)},
        },
    )
    assert titles(index, query, "de")[0] == title


@pytest.mark.parametrize(
    "query", ["Arbeitsgenemigung", "Arbeitsgenehmigumg", "Arbeitsgenehmiugng", "Arbeitsgenehmiigung"]
)
def test_a_mistyped_word_finds_what_the_right_one_would(query):
    index = shelf(
        "de",
        {
            "Jobs für Asylsuchende": "Wer eine Beschäftigungserlaubnis hat, findet hier Stellen.",
            "Baustellen": "Straßen, die gesperrt sind.",
            **{f"Seite {number}": "Mehr über den Landkreis." for number in range(50)},
        },
    )
    assert titles(index, query, "de") == ["Jobs für Asylsuchende"]


@pytest.mark.parametrize(
    ("typed", "meant", "is_one"),
    [
        ("wohnug", "wohnung", True),
        ("wohnuung", "wohnung", True),
        ("wohmung", "wohnung", True),
        ("wohnugn", "wohnung", True),
        ("ohnung", "wohnung", True),
        ("wohnun", "wohnung", True),
        ("wohnungg", "wohnung", True),
        ("wonug", "wohnung", False),
        ("wohnung", "wohnung", False),
        ("wohlung", "wohnwag", False),
    ],
)
def test_one_mistake_is_a_letter_more_or_less_or_another_or_two_exchanged(typed, meant, is_one):
    assert is_one_mistake(typed, meant) is is_one


@pytest.mark.parametrize("language", ["ar", "de", "en", "fa", "fr", "ru", "tr", "uk"])
def test_every_group_of_shared_synonyms_offers_other_words(language):
    groups = tomllib.loads(resources.files(search).joinpath("synonyms.toml").read_text("utf-8"))[language]
    alone = [group for group in groups if len({one.strip() for one in group.split(",")} - {""}) < 2]
    assert groups
    assert alone == []
    assert sorted(groups) == sorted(set(groups)), "a group stands there twice"


def test_a_citys_own_synonyms_are_found(shelves):
    assert "Müllabfuhr" not in titles(shelves["de"], "Kübel", "de")
    found = titles(shelves["de"], "Kübel", "de", groups=[["Kübel", "graue Tonne"]])
    assert found[0] == "Müllabfuhr"


def test_keywords_find_what_does_not_say_the_word():
    index = shelf("de", {"Wohngeld": "Hilfe für Mieter."}, keywords=["Mietkostenpauschale"])
    assert titles(index, "Mietkostenpauschale", "de") == ["Wohngeld"]


def test_the_languages_of_a_variant_are_those_of_its_family():
    index = shelf("de-simple", {"Bürger-Büro": "Hier melden Sie sich um."})
    assert titles(index, "Buergerbuero", "de-simple") == ["Bürger-Büro"]
