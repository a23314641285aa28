"""The sentence model as a graph that onnxruntime works off: twelve layers, their matrices in eight bits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from .weights import INPUT, Floats, Weights

OUTPUT = "meaning"
_QUICK = "com.microsoft"  # operators of onnxruntime that do several things at once
_OPERATORS = [helper.make_opsetid("", 18), helper.make_opsetid(_QUICK, 1)]
_FORMAT = 9
_MOST = 127


def save_graph(weights: Weights, path: Path) -> None:
    """Write the graph where all processes find it: 22 MB, made in a second. Whoever is second writes the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        with unfinished.open("wb") as file:
            file.write(_Graph(weights).model().SerializeToString())
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


class _Graph:
    """Vectors of tokens go in, shaped (1, tokens, width); one of length one comes out, shaped (1, width)."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        self._write()
        width = self._weights.shape.width
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "tokens", width])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, width])],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=_OPERATORS)
        model.ir_version = _FORMAT
        return model

    def _write(self) -> None:
        scale = [self._constant(f"emb.ln.{part}", self._weights.numbers(f"emb.ln.{part}")) for part in ("w", "b")]
        state = self._add("LayerNormalization", [INPUT, *scale], "state", epsilon=self._weights.epsilon)
        for number in range(self._weights.shape.layers):
            state = self._layer(f"l{number}.", state)
        mean = self._add("ReduceMean", [state, self._constant("tokens", np.array([1]))], "mean", keepdims=0)
        self._add("LpNormalization", [mean], OUTPUT, axis=-1, p=2)

    def _layer(self, name: str, state: str) -> str:
        width, inner = self._weights.shape.width, self._weights.shape.inner
        asked = self._multiplied(f"{name}qkv", state, [f"{name}{part}" for part in "qkv"], width)
        sizes = self._constant(f"{name}sizes", np.array([width] * 3))
        parts = self._split(asked, sizes, f"{name}part")
        heads = self._weights.shape.heads
        seen = self._add("MultiHeadAttention", parts, f"{name}seen", quick=True, num_heads=heads)
        state = self._joined(f"{name}aln", state, self._multiplied(f"{name}attended", seen, [f"{name}ao"], width))
        wide = self._multiplied(f"{name}wide", state, [f"{name}fi"], width)
        wide = self._add("Gelu", [wide], f"{name}bent", quick=True)
        return self._joined(f"{name}oln", state, self._multiplied(f"{name}narrow", wide, [f"{name}fo"], inner))

    def _multiplied(self, name: str, of: str, parts: Sequence[str], columns: int) -> str:
        """With matrices beside one another, each row rounded to whole numbers of its own scale."""
        matrix = np.concatenate([self._weights.matrix(f"{part}.w", columns) for part in parts])
        scale = np.abs(matrix).max(axis=1) / _MOST
        inputs = {
            "matrix": np.rint(matrix / scale[:, None]).astype(np.int8).T,
            "scale": scale.astype(np.float32),
            "zero": np.zeros(len(scale), np.int8),
            "bias": np.concatenate([self._weights.numbers(f"{part}.b") for part in parts]),
        }
        constants = [self._constant(f"{name}.{part}", value) for part, value in inputs.items()]
        return self._add("DynamicQuantizeMatMul", [of, *constants], name, quick=True)

    def _joined(self, name: str, state: str, news: str) -> str:
        scale = [self._constant(f"{name}.{part}", self._weights.numbers(f"{name}.{part}")) for part in ("w", "b")]
        inputs = [state, news, *scale]
        return self._add("SkipLayerNormalization", inputs, name, quick=True, epsilon=self._weights.epsilon)

    def _split(self, of: str, sizes: str, name: str) -> list[str]:
        outputs = [f"{name}{number}" for number in range(3)]
        self._nodes.append(helper.make_node("Split", [of, sizes], outputs, axis=-1))
        return outputs

    def _add(self, operator: str, inputs: Sequence[str], name: str, *, quick: bool = False, **how: Any) -> str:
        domain = _QUICK if quick else ""
        self._nodes.append(helper.make_node(operator, inputs, [name], domain=domain, **how))
        return name

    def _constant(self, name: str, value: Floats | NDArray[np.int8] | NDArray[np.int64]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name
