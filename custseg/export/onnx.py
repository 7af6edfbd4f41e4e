"""A model document as a graph of ONNX: the preparation of the features, and the nearest centroid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.errors import SettingError
from custseg.export.document.scoring import scoring_of
from custseg.language import mark, say

if TYPE_CHECKING:
    from custseg.clustering.scoring_model import ScoringModel
    from custseg.export.document.content import ModelContent

# What runtimes of the last years know.
_OPERATORS, _FORMAT = 17, 8


def to_onnx(document: ModelContent) -> Any:
    """Return the graph (an ``onnx.ModelProto``); see ``ModelDocument.to_onnx``."""
    try:
        import onnx
        from onnx import helper
    except ModuleNotFoundError as problem:
        msg = say("Writing ONNX needs the package onnx: install it (pip install 'custseg[onnx]').")
        raise SettingError(msg) from problem
    scoring = scoring_of(document)
    _check(document)
    graph = _Graph()
    _place(graph, scoring)
    features = len(document.features)
    made = helper.make_graph(
        graph.nodes, "custseg",
        [helper.make_tensor_value_info("features", onnx.TensorProto.DOUBLE, ["customers", features])],
        [
            helper.make_tensor_value_info("segment", onnx.TensorProto.INT64, ["customers"]),
            helper.make_tensor_value_info("distance", onnx.TensorProto.DOUBLE, ["customers"]),
        ],
        graph.constants,
    )  # fmt: skip
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPERATORS)], producer_name="custseg")
    model.ir_version = _FORMAT
    helper.set_model_props(model, {"features": "\n".join(one.name for one in document.features)})
    onnx.checker.check_model(model, full_check=True)
    return model


def _check(document: ModelContent) -> None:
    recipe = document.preparation.recipe
    refused = {
        mark(
            "A mixture is not written as ONNX. Score with custseg, which takes any model, or choose another recipe."
        ): document.mixture is not None,
        mark(
            "Categories are not written as ONNX. Score with custseg, which takes any model, or choose another recipe."
        ): bool(document.categories),
        mark(
            "Filling gaps from similar customers is not written as ONNX. Score with custseg, which takes any model, or "
            "choose another recipe."
        ): recipe.missing == "nearest",
    }
    for message, asked in refused.items():
        if asked:
            raise SettingError(say(message))


class _Graph:
    """Nodes and constants that grow; each step returns the name of what comes of it."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: Any) -> str:
        """Add a constant."""
        from onnx import numpy_helper

        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(values), name))
        return name

    def step(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node."""
        from onnx import helper

        name = output or f"step_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name


def _place(graph: _Graph, scoring: ScoringModel) -> None:
    learned, centroids = scoring.preparation, scoring.prepared_centroids
    gaps = graph.step("IsNaN", "features")
    filled = graph.step("Where", gaps, graph.constant(learned.fill), "features")
    limited = filled
    if learned.recipe.winsorise is not None:
        limited = graph.step("Max", filled, graph.constant(learned.low))
        limited = graph.step("Min", limited, graph.constant(learned.high))
    prepared = _scaled(graph, _evened(graph, scoring, limited), learned.centre, learned.scale)
    products = graph.step("MatMul", prepared, graph.constant(centroids.T))
    halves = graph.constant(0.5 * np.square(centroids).sum(axis=1))
    nearest = graph.step("ArgMax", graph.step("Sub", products, halves), axis=1, keepdims=0)
    own = graph.step("Gather", graph.constant(centroids), nearest, axis=0)
    distance = _root_of_squares(graph, graph.step("Sub", prepared, own))
    nobody = _nobody(graph, scoring, gaps, filled, distance)
    numbered = graph.step("Add", nearest, graph.constant(np.int64(1)))
    if not nobody:
        graph.step("Identity", numbered, output="segment")
        graph.step("Identity", distance, output="distance")
        return
    outside = nobody[0]
    for other in nobody[1:]:
        outside = graph.step("Or", outside, other)
    graph.step("Where", outside, graph.constant(np.int64(0)), numbered, output="segment")
    graph.step("Where", outside, graph.constant(np.nan), distance, output="distance")


def _evened(graph: _Graph, scoring: ScoringModel, values: str) -> str:
    """Even out features: the area hyperbolic sine, which few runtimes know of such exact numbers."""
    evening = scoring.preparation.evening
    if not evening.evened.any():
        return values
    over = graph.step("Div", values, graph.constant(evening.knees))
    root = graph.step("Sqrt", graph.step("Add", graph.step("Mul", over, over), graph.constant(1.0)))
    risen = graph.step("Log", graph.step("Add", graph.step("Abs", over), root))
    signed = graph.step("Mul", risen, graph.step("Sign", over))
    return graph.step("Where", graph.constant(evening.evened), signed, values)


def _scaled(graph: _Graph, values: str, centre: Any, scale: Any) -> str:
    return graph.step("Div", graph.step("Sub", values, graph.constant(centre)), graph.constant(scale))


def _root_of_squares(graph: _Graph, values: str, over: int = 1) -> str:
    """Return the square root of the sum of squares of each row, that sum divided by a number."""
    squares = graph.step("Mul", values, values)
    total = graph.step("ReduceSum", squares, graph.constant(np.array([1])), keepdims=0)
    return graph.step("Sqrt", graph.step("Div", total, graph.constant(float(over))))


def _nobody(graph: _Graph, scoring: ScoringModel, gaps: str, filled: str, distance: str) -> list[str]:
    """Return what says of customers that they are in no segment."""
    learned, found = scoring.preparation, []
    if learned.recipe.missing == "drop":
        counted = graph.step("Cast", gaps, to=7)
        missing = graph.step("ReduceSum", counted, graph.constant(np.array([1])), keepdims=0)
        found.append(graph.step("Greater", missing, graph.constant(np.int64(0))))
    if learned.recipe.exceptional is not None:
        away = _scaled(graph, _evened(graph, scoring, filled), learned.far_centre, learned.far_scale)
        far = _root_of_squares(graph, away, len(learned.features))
        found.append(graph.step("Greater", far, graph.constant(float(learned.recipe.exceptional))))
    if np.isfinite(scoring.reach):
        found.append(graph.step("Greater", distance, graph.constant(float(scoring.reach))))
    return found
