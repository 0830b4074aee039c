"""The sentences of each section of the report."""

from __future__ import annotations

from shopsim.grouping.changed import is_changed
from shopsim.grouping.grouping import TUNED_HERE
from shopsim.grouping.report.contents import Contents
from shopsim.grouping.report.texts import Texts
from shopsim.scoring.costs import as_estimated, per_thousand


def answer(contents: Contents, texts: Texts) -> list[str]:
    """Returns the result in three sentences."""
    scores, expected = contents.given.scores, contents.given.expected
    corrections = contents.given.corrections
    key = "" if corrections is None else ".corrected"
    counts = {"n_images": scores.n_images, "n_groups": scores.n_groups}
    first = texts.say("answer.groups.none", **counts)
    if scores.n_singletons:
        first = texts.counted("answer.groups", scores.n_singletons, **counts)
    if scores.ari is not None:
        pairs = {"precision": 100 * (scores.pair_precision or 0), "recall": 100 * (scores.pair_recall or 0)}
        without = scores.ari if corrections is None else corrections.without.ari
        last = texts.say(f"answer.ari{key}", ari=scores.ari, without=without)
        return [first, texts.say(f"answer.pairs{key}", **pairs), last]
    last = texts.say(f"answer.not_expected{_changed(contents)}")
    if expected is not None:
        last = texts.say(f"answer.expected{key}", **expected["ari"])
    return [first, texts.say("answer.unknown"), last]


def figures(contents: Contents, texts: Texts) -> list[tuple[str, str]]:
    """Returns the large numbers with what they are."""
    scores, expected = contents.given.scores, contents.given.expected
    found = []
    corrections = contents.given.corrections
    if scores.ari is not None and corrections is not None:
        found = [("ari_without", f"{corrections.without.ari:.3f}"), ("ari_with", f"{scores.ari:.3f}")]
        found += [("models", f"{scores.n_models:,}")]
    elif scores.ari is not None:
        found = [("ari", f"{scores.ari:.3f}"), ("precision", f"{scores.pair_precision:.1%}")]
        found += [("recall", f"{scores.pair_recall:.1%}"), ("models", f"{scores.n_models:,}")]
    elif expected is not None:
        found = [("ari", texts.say("figure.expected", **expected["ari"]))]
    found += [("groups", f"{scores.n_groups:,}"), ("photos", f"{scores.n_images:,}")]
    return [(texts.say(f"figure.{name}"), value) for name, value in found]


def tuned_told(contents: Contents, texts: Texts) -> list[str]:
    """Returns what was tuned on what, and what that means for the score."""
    tuned_on, held_out = contents.given.scores.tuned_on, contents.given.held_out
    # The table of settings names any other source of the threshold.
    told = [texts.say("tuned.here")] if tuned_on == TUNED_HERE else []
    if held_out is not None:
        if held_out.catalog:
            told.append(texts.say("tuned.catalog", catalog=held_out.catalog, n_models=held_out.n_models))
        told.append(texts.say("tuned.held_out", held_out=held_out.ari))
        if held_out.low is not None and held_out.high is not None:
            told.append(texts.say("tuned.interval", low=held_out.low, high=held_out.high))
    return told


def settings_table(contents: Contents, texts: Texts) -> list[tuple[str, str]]:
    """Returns the settings by their names."""
    grouping, given = contents.grouping, contents.given
    control = grouping.fitted.control
    value = f"{grouping.value:.1%}" if control.kind == "similarity" else f"{grouping.value:g}"
    rows = [(texts.say(f"setting.{name}"), told) for name, told in given.settings.items()]
    threshold = f"{value}, {texts.say('setting.strict')}" if grouping.strict else value
    rows += [(texts.say("setting.threshold"), threshold), (texts.say("setting.tuned_on"), given.scores.tuned_on)]
    return [*rows, (texts.say("setting.run"), given.run)] if given.run else rows


def costs_told(contents: Contents, texts: Texts) -> list[str]:
    """Returns what mistakes cost, per 1,000 photos and, with prices, in their unit."""
    found, prices = _wrong_pairs(contents), contents.given.prices
    if found is None:
        return [texts.say(f"costs.unknown{_changed(contents)}")]
    wrong, missed, n_photos, is_estimate = found
    kind, shown = (".expected", as_estimated) if is_estimate else ("", float)
    per = {"wrong": shown(per_thousand(wrong, n_photos)), "missed": shown(per_thousand(missed, n_photos))}
    told = [texts.say(f"costs.per_1000{kind}", **per)]
    is_strict = contents.grouping.strict
    if is_strict and is_estimate:
        told.append(texts.say("costs.before_strict"))
    if prices is None:
        return [*told, texts.say("costs.no_prices")]
    cost, pairs = prices.of(wrong, missed), contents.given.pairs
    photos = texts.counted("group.size", n_photos)
    told.append(
        texts.say(f"costs.sum{kind}", together=prices.together, apart=prices.apart, cost=shown(cost), photos=photos)
    )
    if contents.given.corrections is not None:
        # The least cost is known for the groups without corrections only, which cost something else.
        return [*told, texts.say("costs.corrected.estimate" if is_estimate else "costs.corrected")]
    if pairs is None or is_strict:
        return [*told, texts.say("costs.strict")] if is_strict else told
    place = pairs.cheapest(prices)
    best, threshold = float(pairs.costs(prices)[place]), float(pairs.threshold[place])
    least = texts.say(f"costs.best{kind}", best=shown(best), threshold=threshold)
    return [*told, texts.say("costs.is_best") if best >= cost else least]


def _changed(contents: Contents) -> str:
    """Returns the end of the key of a sentence on groups that a rule or corrections changed."""
    return ".changed" if is_changed(contents.grouping.fitted) else ""


def _wrong_pairs(contents: Contents) -> tuple[float, float, int, bool] | None:
    """Pairs wrongly together, pairs missed, the photos they are of, and whether they are estimated."""
    scores, pairs = contents.given.scores, contents.given.pairs
    if scores.fp is not None and scores.fn is not None:
        return float(scores.fp), float(scores.fn), scores.n_labelled, False
    if pairs is None:
        return None
    place = pairs.at(contents.grouping.value)
    return float(pairs.wrong[place]), float(pairs.missed[place]), pairs.n_photos, True


def limits(contents: Contents, texts: Texts) -> list[str]:
    """Returns what a reader must know before relying on the groups."""
    grouping, scores = contents.grouping, contents.given.scores
    told = []
    if scores.ari is not None and scores.tuned_on == TUNED_HERE:
        told.append(texts.say("limits.tuned_here"))
    if 0 < scores.n_labelled < scores.n_images:
        told.append(texts.say("limits.unlabelled", n_labelled=scores.n_labelled, n_images=scores.n_images))
    if contents.given.n_left_out:
        told.append(texts.counted("limits.left_out", contents.given.n_left_out))
    if contents.given.corrections is not None and scores.ari is not None:
        told.append(texts.say("limits.corrected"))
    if n_chained := int(grouping.chained().sum()):
        told.append(texts.counted("limits.chained", n_chained))
    if n_contradicted := grouping.fitted.catalog.n_contradicted:
        told.append(texts.say("limits.contradicted", n=n_contradicted))
    return [*told, texts.say("limits.photos")]
