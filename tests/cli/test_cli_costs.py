"""`--costs`: what wrong pairs cost, beside the scores."""

from cli_cases import documented, sentence, written


def test_the_cost_of_labels_is_counted_by_pairs(run_json, tmp_path):
    true, pred = written(tmp_path / "true.txt", "a\na\nb\nb\n"), written(tmp_path / "pred.txt", "1\n1\n1\n2\n")
    found = run_json("evaluate", true, pred, "--costs", "5", "2")
    assert (found["fp"], found["fn"]) == (2, 1)
    assert found["costs"] == {
        "together": 5, "apart": 2, "cost": 12, "best_threshold": None, "best_cost": None, "estimated": False,
    }  # fmt: skip
    assert (found["wrong_per_1000"], found["missed_per_1000"]) == (500, 250)


def test_the_threshold_of_the_least_cost_gives_that_cost(group):
    costs = group("--threshold", "0.9", "--costs", "3", "1")["costs"]
    assert costs["best_cost"] <= costs["cost"]
    again = group("--threshold", repr(costs["best_threshold"]), "--costs", "3", "1")["costs"]
    assert again["cost"] == again["best_cost"] == costs["best_cost"]
    assert set(costs) <= documented()


def test_without_prices_nothing_is_said_of_costs(group):
    assert "costs" not in group()


def test_without_labels_and_built_in_settings_costs_are_not_known(group, run, tiny_catalog, tmp_path):
    assert group("--form", "plain", "--costs", "1", "1")["costs"]["cost"] is None
    given = ("--extractor", "fake", "--form", "plain", "--out", tmp_path / "out", "--costs", "1", "1")
    assert "Costs are not known: no photo has a true model" in run("group", tiny_catalog, *given)[1]


def test_prices_that_are_none_are_refused_before_any_work(run, tiny_catalog, fake_extractor, tmp_path):
    given = ("--extractor", "fake", "--out", tmp_path / "out", "--costs", "-1", "1")
    assert "A pair wrongly together costs -1" in sentence(run, "group", tiny_catalog, *given, code=2)
    assert fake_extractor.n_extracted == 0
