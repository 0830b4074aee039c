"""Every sentence of the report, with named places for what differs, so that another language can stand beside it."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "title": "Which photos show the same model? {catalog}",
    "made": "Made on {date} with shopsim.",
    "made_by": "Made on {date} with shopsim, by {who}.",
    "question": "The question",
    "question.text": "Which of the {n:,} photos of '{catalog}' show the same product model?",
    "answer": "The answer in three sentences",
    "answer.groups.none": "shopsim put {n_images:,} photos into {n_groups:,} groups.",
    "answer.groups.one": "shopsim put {n_images:,} photos into {n_groups:,} groups; {n:,} of them has one photo.",
    "answer.groups.many": "shopsim put {n_images:,} photos into {n_groups:,} groups; {n:,} of them have one photo.",
    "answer.pairs": "Of 100 pairs of photos that it put together, {precision:.0f} show the same model; of 100 "
    "pairs that belong together, it found {recall:.0f}.",
    "answer.ari": "The adjusted Rand index (ARI) is {ari:.3f}, where 1 is perfect and 0 is as good as chance.",
    "answer.pairs.corrected": "With the corrections by people, of 100 pairs of photos in one group {precision:.0f} "
    "show the same model; of 100 pairs that belong together, {recall:.0f} were found.",
    "answer.ari.corrected": "The adjusted Rand index (ARI) is {without:.3f} without the corrections, which measures "
    "the method, and {ari:.3f} with them, which does not.",
    "answer.unknown": "No photo has a known model, so nobody can say how many of these groups are right.",
    "answer.expected": "From how other catalogues turned out, shopsim expects an ARI of about {value:.2f}, "
    "likely between {low:.2f} and {high:.2f}; nobody has checked this.",
    "answer.expected.corrected": "From how other catalogues turned out, shopsim expects an ARI of about {value:.2f} "
    "without the corrections, likely between {low:.2f} and {high:.2f}; nobody has checked this.",
    "answer.not_expected": "For these settings shopsim has no estimate of the score; look at the groups below "
    "before you use them.",
    "answer.not_expected.changed": "A never-join rule or corrections changed the groups, and shopsim has no "
    "estimate of their score; look at the groups below before you use them.",
    "figure.ari": "ARI",
    "figure.ari_without": "ARI without corrections",
    "figure.ari_with": "ARI with corrections",
    "figure.precision": "pair precision",
    "figure.recall": "pair recall",
    "figure.groups": "groups",
    "figure.models": "true models",
    "figure.photos": "photos",
    "figure.expected": "{low:.2f} to {high:.2f} expected",
    "tuned": "What was tuned on what",
    "tuned.here": "The threshold was chosen on these same photos. A score on photos that were used for tuning "
    "is too good: expect less on new photos.",
    "tuned.catalog": "The settings were tuned on '{catalog}'; its number of true models is {n_models:,}.",
    "tuned.held_out": "On models that had no part in tuning, the same method reached an ARI of "
    "{held_out:.3f}. Other photos may score higher or lower.",
    "tuned.interval": "Its 95 % interval is {low:.3f} to {high:.3f}.",
    "setting.extractor": "Features",
    "setting.space": "Space",
    "setting.clusterer": "Clustering",
    "setting.never_join": "Never joined are photos that differ in",
    "setting.threshold": "Threshold",
    "setting.strict": "strict: groups are split until any two photos of one are that similar",
    "setting.tuned_on": "Threshold chosen by",
    "setting.run": "Kept as the run",
    "curve": "The score at every threshold",
    "curve.text": "A higher threshold puts fewer photos together. The vertical line is the threshold of this report.",
    "curve.corrected": "The curve is that of the groups without corrections.",
    "curve.count": "Without known models, this curve can show only the number of groups at every threshold.",
    "curve.axis": "threshold, %",
    "curve.groups": "groups",
    "curve.none": "This clustering has no threshold that could be moved, so there is no curve.",
    "confusion": "What was mixed up",
    "confusion.none": "Every group holds photos of one model, and every model is in one group.",
    "confusion.text": "Rows are true models, columns are groups, and numbers are photos. Shown are the models "
    "with the most wrong pairs, and their largest groups.",
    "confusion.merges": "Groups that hold several models: {n:,}. They cause {pairs:,} pairs wrongly together.",
    "confusion.splits": "Models that are in several groups: {n:,}. They cause {pairs:,} pairs that were missed.",
    "confusion.model": "true model ↓ group →",
    "confusion.rest": "others",
    "worst": "The worst groups",
    "worst.text": "The groups with the most pairs of different models. A cross marks a photo of another model "
    "than most of its group.",
    "worst.blind": "The groups whose least similar photo fits worst. Look at these first.",
    "best": "The best groups",
    "best.text": "The largest groups that hold all known photos of one model, and nothing else.",
    "best.blind": "The largest groups whose photos are all very similar.",
    "groups.none": "There is no such group.",
    "group": "Group {group}",
    "group.size.one": "1 photo",
    "group.size.many": "{n:,} photos",
    "group.shown": "{shown:,} of {n:,} photos are shown",
    "group.mostly": "mostly {model}",
    "group.only": "all {model}",
    "group.wrong.one": "1 wrong pair",
    "group.wrong.many": "{n:,} wrong pairs",
    "group.weakest": "least similar photo: {similarity:.0%}",
    "photo.gone": "photo not at hand",
    "corrections": "Corrections by people",
    "corrections.none": "Nobody has corrected these groups.",
    "corrections.used.one": "People made 1 correction, which the groups of this report respect.",
    "corrections.used.many": "People made {n:,} corrections, which the groups of this report respect.",
    "corrections.no_measure": "The scores with corrections do not measure the method, since people told it some of the "
    "answers. On other photos, expect the scores without corrections.",
    "corrections.kind.same": "Same model, or groups merged",
    "corrections.kind.different": "Different models",
    "corrections.kind.move": "Photos moved to another group",
    "corrections.kind.split": "Photos split off from a group",
    "corrections.kind.divide": "Groups divided",
    "corrections.by": "Made by",
    "corrections.person": "{who} ({n:,})",
    "corrections.nobody": "nobody named",
    "corrections.latest": "The latest, in UTC",
    "corrections.score": "score",
    "corrections.without": "without corrections",
    "corrections.with": "with corrections",
    "costs": "What mistakes cost",
    "costs.per_1000": "Per 1,000 photos, {wrong:,.0f} pairs are wrongly together and {missed:,.0f} pairs were missed.",
    "costs.per_1000.expected": "Per 1,000 photos, about {wrong:,.0f} pairs may be wrongly together and about "
    "{missed:,.0f} missed. This is an estimate.",
    "costs.sum": "At {together:,.10g} per pair wrongly together and {apart:,.10g} per missed pair, these groups "
    "of {photos} cost {cost:,.0f}.",
    "costs.sum.expected": "At {together:,.10g} per pair wrongly together and {apart:,.10g} per missed pair, "
    "these groups of {photos} may cost about {cost:,.0f}.",
    "costs.best.expected": "The least cost to expect is about {best:,.0f}, at a threshold of {threshold:.1%}.",
    "costs.best": "The least possible cost is {best:,.0f}, at a threshold of {threshold:.1%}.",
    "costs.is_best": "No other threshold costs less.",
    "costs.corrected": "These are the costs with the corrections. A threshold is never chosen by them.",
    "costs.corrected.estimate": "These costs are estimated for the groups without the corrections.",
    "costs.no_prices": "No prices were given. With the cost of a pair wrongly together and of a missed pair, "
    "shopsim finds the threshold that costs least.",
    "costs.unknown": "How many pairs are wrong is not known: no photo has a known model, and there is no "
    "estimate for these settings.",
    "costs.unknown.changed": "How many pairs are wrong is not known: no photo has a known model, and there is no "
    "estimate for groups that a never-join rule or corrections changed.",
    "costs.before_strict": "The estimate is of the groups before strict splits them.",
    "costs.strict": "With strict, the threshold that costs least is not known.",
    "limits": "Limits of this result",
    "limits.left_out.one": "1 file was left out because it could not be read or described.",
    "limits.left_out.many": "{n:,} files were left out because they could not be read or described.",
    "limits.unlabelled": "The true model is known for {n_labelled:,} of {n_images:,} photos; scores count only these.",
    "limits.chained.one": "1 group is held together by a chain of photos; its two ends may show different models.",
    "limits.chained.many": "{n:,} groups are held together by a chain of photos; their two ends may show "
    "different models.",
    "limits.photos": "The groups say which photos look alike to the computer, not which products are the same "
    "by contract, size or seller.",
    "limits.tuned_here": "The threshold was chosen on the photos that are scored, so the scores are too good.",
    "limits.corrected": "Only the scores without corrections say what to expect on other photos.",
    "limits.contradicted": "{n:,} byte-equal photos are filed under different models, so no grouping can be "
    "right for all of them.",
    "origin": "Where this comes from",
    "origin.photos": "Digest of the photos",
    "origin.extractor": "Key of the features",
    "origin.key": "Key of space and tree",
    "origin.versions": "Versions",
}


class Texts:
    """Sentences of one language."""

    def __init__(self, sentences: Mapping[str, str] = ENGLISH) -> None:
        self._sentences = sentences

    def say(self, key: str, **named: object) -> str:
        """Returns the sentence of that key with the values put in. Raises KeyError for an unknown key."""
        return self._sentences[key].format(**named)

    def counted(self, key: str, n: int, **named: object) -> str:
        """Returns the sentence for one or for many; the key without `.one` and `.many`."""
        return self.say(f"{key}.{'one' if n == 1 else 'many'}", n=n, **named)
