"""`--add NAME --share X`: what it groups by, what it tells, and what it refuses before any work."""

import json

import numpy as np
import pytest
from cli_cases import documented, sentence

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extractors import extractors
from shopsim.grouping.added import Added
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.recipe import Recipe

TWO = ("--add", "color_shape", "--share", "0.4")


def test_the_groups_are_those_of_both_extractors(group, tiny_catalog):
    result = group(*TWO)
    catalog = load_catalog(tiny_catalog)
    features, second = (features_of(catalog, name, {}, cache_dir()) for name in ("fake", "color_shape"))
    fitted = fit(catalog, features, Recipe(), Store(cache_dir()), added=Added("color_shape", second, 0.4))
    grouping = fitted.group(*fitted.opening)
    assert (result["threshold"], result["n_groups"]) == (grouping.value, grouping.labels_pred.max() + 1)
    assert result["space_note"] == fitted.space_note
    assert (result["added"], result["share"], result["added_key"]) == ("color_shape", 0.4, second.key)
    assert {"added", "share", "added_key"} <= documented()


def test_without_it_nothing_is_told_of_it(group):
    assert not {"added", "share", "added_key"} & group().keys()


@pytest.mark.parametrize(("name", "share"), [("color_shape", 0.3), ("fake_network", 0.5)])
def test_the_share_that_nobody_gives_is_the_usual_one(group, monkeypatch, name, share):
    monkeypatch.setattr("shopsim.grouping.addable.is_network", lambda name: name == "fake_network")
    with extractors.temporarily():
        extractors.register("fake_network", title="Fake", source="tests")(extractors.entry("fake").factory)
        assert group("--add", name)["share"] == share


def test_people_read_both_names_with_their_shares(run, tiny_catalog, fake_extractor, tmp_path):
    code, out, _ = run("group", tiny_catalog, "--extractor", "fake", "--out", tmp_path / "out", *TWO)
    assert code == 0
    assert "fake 60% + color_shape 40%, whitened, average. Raw vectors" in out


def test_the_exported_rows_have_the_mean_of_both_cosines(run_json, tiny_catalog, fake_extractor, tmp_path):
    run_json("export", tiny_catalog, "--extractor", "fake", "--out", tmp_path / "out", *TWO)
    rows = np.load(tmp_path / "out" / "features.npy")
    catalog = load_catalog(tiny_catalog)
    ours, theirs = (features_of(catalog, name, {}, cache_dir()).vectors for name in ("fake", "color_shape"))
    np.testing.assert_allclose(rows @ rows.T, 0.6 * ours @ ours.T + 0.4 * theirs @ theirs.T, atol=1e-5)


def test_review_compares_by_both(run, tiny_catalog, fake_extractor):
    code, out, _ = run("review", tiny_catalog, "--extractor", "fake", "--json", *TWO)
    assert code == 0
    assert json.loads(out)["added"] == "color_shape"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--share", "0.3"), "--share is given without --add"),
        (("--add", "fake"), "--add is fake, which cannot be added to fake. Known: "),
        (("--add", "tfhub"), "--add is tfhub, which cannot be added to fake."),
        (("--add", "color_shap"), "Unknown extractor 'color_shap'"),
        (("--add", "color_shape", "--share", "0"), "'0' is no share above 0 and up to 0.9"),
        (("--add", "color_shape", "--share", "0.95"), "'0.95' is no share above 0 and up to 0.9"),
        (("--add", "color_shape", "--share", "nan"), "'nan' is no share above 0 and up to 0.9"),
        (("--add", "color_shape", "--share", "half"), "'half' is no share above 0 and up to 0.9"),
        (("--add", "color_shape", "--tuned-on", "demo"), "--add cannot be given with --tuned-on"),
        (("--extractor", "own_vectors", "--add", "color_shape"), "--add needs photos"),
    ],
)
def test_what_makes_no_sense_is_refused_before_any_work(run, tiny_catalog, fake_extractor, tmp_path, options, told):
    given = ("group", tiny_catalog, "--extractor", "fake", "--out", tmp_path / "out", *options)
    assert told in sentence(run, *given, code=2)
    assert fake_extractor.n_extracted == 0
