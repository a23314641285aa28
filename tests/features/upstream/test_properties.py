"""Whatever a template and its cities do, over languages and layers: nobody loses a word, and all ends are the same."""

from __future__ import annotations

import itertools
import random
import re

from cityinfo import registry
from cityinfo.features import content, pages, publishing, upstream
from cityinfo.features.content import TextDraft
from cityinfo.features.onboarding import CityDraft, Origin
from cityinfo.features.upstream import Standing
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Problem
from tests.factories import EDITOR, City, make_city
from tests.features.onboarding.test_clones import cloned
from tests.features.upstream.conftest import accept_all, come_by_itself, fetch
from tests.histories import in_few_histories

LANGUAGES = ("de", "en", "ar")


class Desk:
    """Somebody who edits a city's pages at random. What they write is marked, so that it can be found again."""

    def __init__(self, city: City, seed: int, mark: str, *, tree: bool = True) -> None:
        self.city, self.rng, self.mark, self.written = city, random.Random(seed), mark, 0
        self.acts = [self.add_paragraph, self.change_paragraph, self.retitle, self.translate, self.confirm]
        self.acts += [self.drop_paragraph, self.publish]
        self.acts += [self.plant, self.move, self.archive, self.take_offline] if tree else []

    def work(self, acts: int) -> Desk:
        for _ in range(acts):
            try:
                with self.city.write() as db:
                    self.rng.choice(self.acts)(db)
            except Problem:  # what cannot be done is not done
                pass
        return self

    def word(self) -> str:
        self.written += 1
        return f"{self.mark}{self.written}x"

    def page(self, db):
        nodes = [node for node in pages.tree(db) if not node.archived]
        return self.rng.choice(nodes).id if nodes else None

    def plant(self, db):
        link = self.page(db)
        words = f"<p>{self.word()}</p>" + (f'<p><a href="entry:{link}">dort</a></p>' if link else "")
        under = self.page(db) if self.rng.random() < 0.5 else None
        draft = TextDraft(title=self.word(), content=words)
        page = pages.create(db, draft, language="de", under=under, actor=EDITOR)
        pages.publish(db, page.id, "de", revision=1, actor=EDITOR)

    def move(self, db):
        page = self.page(db)
        revision = content.find_entry(db, page).revision
        pages.move(db, page, under=self.page(db), revision=revision, actor=EDITOR)

    def archive(self, db):
        page = self.page(db)
        pages.archive(db, page, revision=content.find_entry(db, page).revision, actor=EDITOR)

    def take_offline(self, db):
        pages.take_offline(db, self.page(db), [self.rng.choice(LANGUAGES)], actor=EDITOR)

    def translate(self, db):
        page, language = self.page(db), self.rng.choice(LANGUAGES[1:])
        if content.text_of(db, page, language) is None:
            draft = TextDraft(title=self.word(), content=f"<p>{self.word()}</p><p>{self.word()}</p>")
            pages.save_text(db, page, language, draft, actor=EDITOR)
            pages.publish(db, page, language, revision=1, actor=EDITOR)

    def confirm(self, db):
        page, language = self.page(db), self.rng.choice(LANGUAGES[1:])
        text, source = content.find_text(db, page, language), content.find_text(db, page, "de")
        content.confirm_text(db, page, language, shown=source.public_version_id, revision=text.revision, actor=EDITOR)

    def publish(self, db):
        text = content.find_text(db, self.page(db), self.rng.choice(LANGUAGES))
        pages.publish(db, text.entry_id, text.language, revision=text.revision, actor=EDITOR)

    def retitle(self, db):
        self.rewrite(db, lambda title, parts: (self.word(), parts))

    def add_paragraph(self, db):
        self.rewrite(db, lambda title, parts: (title, self.put(parts, f"<p>{self.word()}</p>")))

    def change_paragraph(self, db):
        def change(title, parts):
            at = self.rng.randrange(len(parts))
            return title, [*parts[:at], parts[at].replace("</p>", f" {self.word()}</p>"), *parts[at + 1 :]]

        self.rewrite(db, change)

    def drop_paragraph(self, db):
        def drop(title, parts):
            at = self.rng.randrange(len(parts))
            return title, [*parts[:at], *parts[at + 1 :]] if len(parts) > 1 else parts

        self.rewrite(db, drop)

    def put(self, parts, part):
        at = self.rng.randrange(len(parts) + 1)
        return [*parts[:at], part, *parts[at:]]

    def rewrite(self, db, change):
        text = content.find_text(db, self.page(db), self.rng.choice(LANGUAGES))
        now = content.version(db, text.current_version_id)
        title, parts = change(now.title, [f"<p>{one}" for one in now.content.split("<p>")[1:]])
        draft = TextDraft(title=title, content="".join(parts), revision=text.revision, minor=self.rng.random() < 0.2)
        pages.save_text(db, text.entry_id, text.language, draft, actor=EDITOR)
        if self.rng.random() < 0.8:
            pages.publish(db, text.entry_id, text.language, revision=text.revision, actor=EDITOR)


_NUMBERS = itertools.count()


def a_template(database, seed):
    city = make_city(database, f"vorlage{next(_NUMBERS)}", languages=LANGUAGES, status="hidden")
    with city.write() as db:
        for number in range(4):
            draft = TextDraft(title=f"Seite {number}", content=f"<p>a{number}</p><p>b{number}</p><p>c{number}</p>")
            page = pages.create(db, draft, language="de", actor=EDITOR)
            pages.publish(db, page.id, "de", revision=1, actor=EDITOR)
    Desk(city, seed, "q").work(30)
    return city


def a_town(library, source):
    slug = f"ort{next(_NUMBERS)}"
    town = cloned(library, source, CityDraft(slug=slug, name=slug.capitalize()))
    fetch(library, town)
    return town


def readers_see(city, names=None):
    """Every public text by the name its entry has in the template, with its place and links called the same."""
    names = names or {}
    with city.read() as db:
        parents, found = pages.parents(db), {}
        for node in pages.tree(db):
            for text in content.texts(db, node.id) if not node.archived else ():
                version = content.version(db, text.public_version_id)
                if version is not None and (node.id, text.language) in _visible(db, node.id):
                    words = version.content
                    for own in {int(one) for one in re.findall(r"entry:(\d+)", words)}:
                        shown = any(one == own for one, _ in _visible(db, own))
                        words = words.replace(f' href="entry:{own}"', f" to={names.get(own, own)}" if shown else "")
                    above = names.get(parents[node.id], parents[node.id])
                    found[names.get(node.id, node.id), text.language] = (version.title, words, above)
        return found


def _visible(db, page):
    return publishing.visible(db, [page], LANGUAGES)


def names_of(town):
    with town.read() as db:
        return {row.entry_id: row.source_entry_id for row in db.query(Origin)}


def newest_words(city):
    with city.read() as db:
        return {
            (node.id, text.language): content.version(db, text.current_version_id)
            for node in pages.tree(db)
            for text in content.texts(db, node.id)
        }


def waits(town):
    with town.read() as db:
        return sorted((row.source_entry_id, row.language, row.digest, row.state) for row in db.query(upstream.Received))


@in_few_histories
def test_taking_everything_makes_an_untouched_city_say_what_its_template_says(library, database, seed):
    template = a_template(database, seed)
    town = a_town(library, template)
    Desk(template, seed + 1, "n").work(40)
    fetch(library, town)
    accept_all(town)
    take_removals(town)
    there, ours = readers_see(template), readers_see(town, names_of(town))
    assert ours == there


@in_few_histories
def test_no_word_of_a_city_is_lost_and_nothing_changes_twice(library, database, seed):
    template = a_template(database, seed)
    town = a_town(library, template)
    come_by_itself(town)
    Desk(template, seed + 1, "n").work(30)
    Desk(town, seed + 2, "o", tree=False).work(30)
    before = newest_words(town)
    fetch(library, town)
    accept_all(town)
    after, left = newest_words(town), waits(town)
    for key, version in before.items():
        for word in _words(version):
            if word.startswith("o"):
                assert word in _words(after[key]), (word, version.content, after[key].content)
    fetch(library, town)
    accept_all(town)
    assert newest_words(town).keys() == after.keys()
    assert {key: one.id for key, one in newest_words(town).items()} == {key: one.id for key, one in after.items()}
    assert waits(town) == left


@in_few_histories
def test_what_is_taken_in_any_order_ends_the_same(library, database, seed):
    template = a_template(database, seed)
    towns = [a_town(library, template) for _ in range(2)]
    for town in towns:
        Desk(town, seed + 2, "o", tree=False).work(15)
    Desk(template, seed + 1, "n").work(30)
    ends = []
    for number, town in enumerate(towns):
        fetch(library, town)
        accept_texts_at_random(town, random.Random(seed + number))
        names = names_of(town)
        with town.read() as db:
            states = content.states(db, names)
        ends.append(
            (readers_see(town, names), {(names[one], language): said for (one, language), said in states.items()})
        )
    assert ends[0][0] == ends[1][0]
    assert _differing(*(fresh for _, fresh in ends)) == {}


@in_few_histories
def test_updates_reach_the_lowest_layer_through_the_one_between(library, database, seed):
    country = a_template(database, seed)
    state = a_town(library, country)
    town = a_town(library, state)
    Desk(country, seed + 1, "n", tree=False).work(20)
    Desk(state, seed + 2, "o", tree=False).work(20)
    for city in (state, town):
        fetch(library, city)
        accept_all(city)
        take_removals(city)
    assert readers_see(town, names_of(town)) == readers_see(state)


def _differing(one, other):
    return {key: (one.get(key), other.get(key)) for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def take_removals(town):
    """What the template no longer shows is not shown here either, if somebody says so."""
    with town.read() as db:
        rows = [(row.id, row.state) for row in db.query(upstream.Received).order_by(upstream.Received.language)]
    for row, standing in rows:
        if standing == Standing.REMOVED:
            with town.write() as db:
                upstream.accept(db, row, actor=EDITOR)


def accept_texts_at_random(town, rng):
    """Places first, because words hang on them; then texts one by one in any order."""
    for _ in range(3):
        with town.read() as db:
            rows = [(row.id, row.language) for row in db.query(upstream.Received).order_by(upstream.Received.id)]
        texts = [row for row, language in rows if language != upstream.PLACE]
        rng.shuffle(texts)
        for row in [*(row for row, language in rows if language == upstream.PLACE), *texts]:
            try:
                with town.write() as db:
                    upstream.accept(db, row, publish=True, actor=EDITOR)
            except Problem:  # has to be decided about, or its parent is not here yet
                pass


def _words(version):
    return f"{version.title} {version.content}".replace("<p>", " ").replace("</p>", " ").split()


class Stop(BaseException):
    """The end of a process."""


def test_a_run_that_ends_anywhere_is_finished_by_the_next(library, database):
    template = a_template(database, 5)
    towns = [a_town(library, template) for _ in range(2)]
    for town in towns:
        come_by_itself(town)
        fetch(library, town)
    Desk(template, 6, "n", tree=False).work(30)
    undisturbed, disturbed = towns
    fetch(library, undisturbed)
    ended = list(itertools.takewhile(bool, (_ends_after(library, disturbed, after) for after in range(200))))
    assert len(ended) > 3
    assert readers_see(disturbed, names_of(disturbed)) == readers_see(undisturbed, names_of(undisturbed))
    assert [row[:2] + row[3:] for row in waits(disturbed)] == [row[:2] + row[3:] for row in waits(undisturbed)]


def _ends_after(library, town, writes):
    """Run once, and end the process before the unit of work after so many writing ones; False when there were fewer."""
    left, own = [writes], town.database.unit_of_work

    def unit_of_work(whose, *, write=False, **options):
        if write and whose == town.tenant_id:
            left[0] -= 1
            if left[0] < 0:
                raise Stop
        return own(whose, write=write, **options)

    with town.write() as db:
        (following,) = upstream.followings(db)
        job = jobs.enqueue(db, upstream.RECEIVE, source_id=following.source_id)
    run = jobs.Run(town.database, tenant_id=town.tenant_id, job_id=job, token=1, attempt=1)
    with town.write() as db:
        row = jobs.find(db, job)
        row.lease_token, row.lease_until = 1, row.created_at.replace(year=2099)
    town.database.unit_of_work = unit_of_work
    try:
        registry.STORE_JOBS[upstream.RECEIVE](run, source_id=following.source_id, store=library.store)
    except Stop:
        return True
    finally:
        del town.database.unit_of_work
        with town.write() as db:
            jobs.cancel(db, job)
    return False
