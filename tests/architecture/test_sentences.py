"""Sentences are literals with ``{names}``, where they are collected from, so that they can be translated."""

from __future__ import annotations

import ast
import re

import pytest

from cityinfo.cli.translations import WORDS
from cityinfo.kernel import errors
from tests.architecture.code import modules

# What stands in sentences without quotes, beside identities (`…_id`). A noun of ours would stay English in a German
# sentence: write a sentence for each, in a table (`Sentence.with_values`), or put in what is a sentence itself.
NUMBERS = set(
    "after age based_on day days first first_repeated_year first_year from kilometres last last_year latitude least "
    "location longest longitude minutes most most2 number oldest original reset seconds seq slots status status_code "
    "whole fraction found words".split()
)
NAMES = set(  # of people, files, languages, fields and values of the API: the same in every language
    "address answer attribute child choices colour credentials date endings example fact file folder freq host key "
    "language languages main name nearest part path permission position positions reason regions root rule rules "
    "scheme scope source strerror tag text written".split()
)
FOUND = set("max min equal other".split())  # by marshmallow
SENTENCES = set("first kind name2 name3 rest role second size things used why".split())
FOR_OPERATORS = (
    "adapters",
    "cli",
    "settings",
    "features.archives",
    "features.deletion.jobs",
    "features.imports",
    "features.municipalities",
    "features.onboarding",
    "kernel.errors",
    "kernel.ids",
    "web.limits",
    "web.logs",
)
PROBLEMS = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.Problem)}


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_the_sentence_of_a_problem_is_not_put_together(module):
    put_together = [line for line, sentence in _sentences(module.tree) if _is_put_together(sentence)]
    assert not put_together, f'{module.path}, lines {put_together}: write say("… {{name}} …", name=name)'


def test_no_noun_of_ours_is_put_into_a_sentence_as_data():
    known = NUMBERS | NAMES | FOUND | SENTENCES
    for module in modules():
        if not module.name.startswith(FOR_OPERATORS):
            unknown = {name for name in _unquoted(module.tree) if not name.endswith("_id")} - known
            assert not unknown, f"{module.path}: {unknown}; see the comment above"


def test_no_words_to_translate_stand_inside_an_f_string():
    """Whoever collects the words does not look there: they would be shown, and never be translated."""
    hidden = [f"{module.path}:{line}" for module in modules() for line in sorted(_hidden(module.tree))]
    assert not hidden, f"{hidden}: give the words a name before the f-string"


def test_words_inside_f_strings_are_found_wherever_they_stand():
    assert _hidden(ast.parse("""f'{_("a")}'""")) == {1}
    assert _hidden(ast.parse("""\nf'{x:{i18n.ngettext("a", "b", 2)}}'""")) == {2}
    assert not _hidden(ast.parse("""a = _("a"); f'{a} {tell(a)}'"""))


def _hidden(tree):
    inside = (one for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in ast.walk(node))
    return {one.lineno for one in inside if isinstance(one, ast.Call) and _called(one) in WORDS}


def _unquoted(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in ("say", "say_number"):
            for words in node.args[:2]:
                yield from re.findall(r"(?<!“){(\w+)}", getattr(words, "value", None) or "")


def _sentences(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) > 1 and _called(node) in PROBLEMS:
            yield node.lineno, node.args[1]


def _is_put_together(sentence):
    formatted = isinstance(sentence, ast.Call) and _called(sentence) in ("format", "join", "replace", "str")
    return formatted or isinstance(sentence, ast.JoinedStr | ast.BinOp)


def _called(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
