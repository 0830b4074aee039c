"""The forest that is kept as arrays answers as the library that grew it."""

import numpy as np
import pytest

from shopsim.base.errors import ShopsimError
from shopsim.tuning.built_in.forest import Forest


@pytest.fixture(scope="module")
def grown():
    from sklearn.ensemble import ExtraTreesRegressor

    rng = np.random.default_rng(0)
    rows = rng.normal(size=(300, 5)).astype(np.float32)
    targets = np.column_stack([rows[:, 0] * rows[:, 1], np.sin(rows[:, 2])])
    return ExtraTreesRegressor(7, min_samples_leaf=3, random_state=0).fit(rows, targets), rows


def forest_of(model):
    return Forest.of(tree.tree_ for tree in model.estimators_)


def test_it_answers_as_scikit_learn_does(grown):
    model, rows = grown
    # Values are kept in half precision: 11 bits.
    np.testing.assert_allclose(forest_of(model).predict(rows), model.predict(rows), atol=2e-3)


def test_every_tree_takes_each_row_to_the_same_leaf(grown):
    model, rows = grown
    forest = forest_of(model)
    for number, tree in enumerate(model.estimators_):
        leaves = tree.tree_.value[tree.apply(rows)][:, :, 0].astype(np.float16)
        np.testing.assert_array_equal(forest.each(rows)[number], leaves)


def test_a_value_equal_to_a_threshold_goes_left_as_in_scikit_learn(grown):
    model, _ = grown
    tree = model.estimators_[0].tree_
    row = np.zeros((1, 5), np.float32)
    row[0, tree.feature[0]] = np.float32(tree.threshold[0])
    np.testing.assert_allclose(forest_of(model).predict(row), model.predict(row), atol=2e-3)


def test_arrays_give_the_same_forest_back(grown):
    model, rows = grown
    forest = forest_of(model)
    np.testing.assert_array_equal(Forest.restore(forest.arrays()).predict(rows), forest.predict(rows))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("roots", lambda array: array + 10**6),
        ("left", lambda array: array * 0),
        ("right", lambda array: array[:-1]),
        ("value", lambda array: array * np.float16(np.nan)),
        ("threshold", lambda array: array.astype(np.float64)),
    ],
)
def test_damaged_arrays_are_refused(grown, name, change):
    arrays = forest_of(grown[0]).arrays()
    with pytest.raises(ShopsimError, match="forest"):
        Forest.restore(arrays | {name: change(arrays[name])})


def test_a_missing_array_is_named(grown):
    arrays = forest_of(grown[0]).arrays()
    del arrays["value"]
    with pytest.raises(ShopsimError, match="'value' is missing"):
        Forest.restore(arrays)
