"""Sentences of problems are literals with ``{names}``, so that they can be translated."""

from __future__ import annotations

import ast

import pytest

from cityinfo.kernel import errors
from tests.architecture.code import modules

PROBLEMS = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.Problem)}


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_the_sentence_of_a_problem_is_not_put_together(module):
    put_together = [line for line, sentence in _sentences(module.tree) if _is_put_together(sentence)]
    assert not put_together, f'{module.path}, lines {put_together}: write say("… {{name}} …", name=name)'


def _sentences(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) > 1 and _called(node) in PROBLEMS:
            yield node.lineno, node.args[1]


def _is_put_together(sentence):
    formatted = isinstance(sentence, ast.Call) and _called(sentence) in ("format", "join", "replace", "str")
    return formatted or isinstance(sentence, ast.JoinedStr | ast.BinOp)


def _called(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
