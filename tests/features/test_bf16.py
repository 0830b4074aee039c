"""Rounding to bf16: to the nearest number, and filters so that their sums stay right."""

from pathlib import Path

import numpy as np
import pytest

from shopsim.base.rows import unit_rows
from shopsim.features.extractors import extractors
from shopsim.features.networks import bf16
from shopsim.features.networks.bf16 import diffused, to_bf16
from shopsim.features.networks.efficientnet_lite_graph import graph
from shopsim.features.networks.openvino_engine import OpenVinoNetwork, has_bf16

REFERENCE = Path(__file__).parents[2] / "../shared/models/efficientnet_lite0_reference.npz"


@pytest.mark.parametrize(
    ("number", "nearest"),
    [
        (1, 1),
        (1 + 2**-8, 1),
        (1 + 2**-8 + 2**-20, 1 + 2**-7),
        (1 + 3 * 2**-8, 1 + 2**-6),
        (-0.1, -0.10009765625),
        (0, 0),
    ],
)
def test_a_number_is_rounded_to_the_nearest_and_halfway_to_the_even_one(number, nearest):
    assert to_bf16(np.array([number], np.float32))[0] == np.float32(nearest)


def test_a_filter_keeps_its_sum_far_better_than_by_plain_rounding():
    filters = np.random.default_rng(0).normal(size=(200, 9)).astype(np.float32)
    rounded = diffused(filters)
    np.testing.assert_array_equal(to_bf16(rounded), rounded)
    # Each weight moves by two steps of bf16 at most.
    assert (np.abs(rounded - filters) <= np.abs(filters).max(axis=1, keepdims=True) * 2**-7).all()

    def error(ways):
        return np.abs(ways.astype(float).sum(axis=1) - filters.astype(float).sum(axis=1)).mean()

    assert error(rounded) < error(to_bf16(filters)) / 10


@pytest.mark.network
@pytest.mark.skipif(not has_bf16(), reason="no bf16 here")
def test_rows_come_nearer_to_float32():
    reference = np.load(REFERENCE)

    def apart(rows):
        return 1 - (unit_rows(rows) * unit_rows(reference["features"])).sum(axis=1).mean()

    plain = apart(OpenVinoNetwork(graph(), "bf16")(reference["photos"]))
    prepared = apart(extractors.create("efficientnet_lite0").extract(reference["photos"]))
    assert prepared < 0.4 * plain


def test_only_depthwise_filters_change():
    before, after = graph(32), bf16.prepared(graph(32))
    pairs = list(zip(convolutions(before), convolutions(after), strict=True))
    assert len(pairs) == 49
    for old, new in pairs:
        is_same = np.array_equal(old.input_value(1).get_node().data, new.input_value(1).get_node().data)
        assert is_same == (old.get_type_name() == "Convolution")


def convolutions(model):
    return [node for node in model.get_ordered_ops() if node.get_type_name().endswith("Convolution")]


def test_the_first_convolutions_and_what_lies_between_them_are_marked():
    nodes = bf16.prepared(graph(32)).get_ordered_ops()
    marked = [node for node in nodes if any("Precision" in name for name in node.get_rt_info())]
    types = [node.get_type_name() for node in marked]
    assert sum(name.endswith("Convolution") for name in types) == 6
    assert {"Convert", "Add", "Clamp"} <= set(types)
    assert "ReduceMean" not in types
