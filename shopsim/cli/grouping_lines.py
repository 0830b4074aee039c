"""Says a grouping in lines of text, for `group`, `export`, `review` and `report`."""

from __future__ import annotations

from typing import Any

from shopsim.cli.costs import cost_lines
from shopsim.cli.result import cross_product_lines, score_lines
from shopsim.cli.second_extractor import told_extractors
from shopsim.cli.without_labels import expected_lines
from shopsim.clusterers.approximate_tree import told


def grouping_lines(fields: dict[str, Any], reason: str) -> list[str]:
    """Returns the fields of a grouping as lines of text; reason: why the folder was recognised as its form."""
    value = f"{fields['threshold']:.10g}"
    # Where ten digits are another number, other groups might come of it when it is typed back.
    value = value if float(value) == fields["threshold"] else repr(fields["threshold"])
    if fields["control"] == "similarity":
        value += f" ({fields['threshold']:.1%})"
    strict = ", strict" if fields["strict"] else ""
    lines = [
        f"{fields['catalog']}: {reason}.",
        f"{told_extractors(fields)}, {fields['space']}, {fields['clusterer']}. {fields['space_note']}",
        f"Cut at {fields['measure']} {value}{strict}: {fields['tuned_on']}.",
        *score_lines(fields),
        *cross_product_lines(fields),
        *expected_lines(fields),
        *cost_lines(fields),
    ]
    if fields["neighbours_found"] is not None:
        lines.insert(2, told(fields["neighbours_found"]))
    if fields["n_contradicted"]:
        lines.append(f"{fields['n_contradicted']:,} byte-equal photos are filed under different models.")
    if fields["n_trained_on"]:
        lines.append(
            f"The network was trained on {fields['n_trained_on']:,} of these photos: it knows their models, and scores "
            "here flatter it."
        )
    if fields["n_chained"]:
        what = "group hangs" if fields["n_chained"] == 1 else "groups hang"
        lines.append(f"{fields['n_chained']:,} {what} together by a chain of photos; --strict splits such groups.")
    for category in fields["categories"]:
        ari = "" if category["ari"] is None else f", ARI {category['ari']:.4f}"
        lines.append(
            f"  {category['category']}: {category['n_images']:,} photos in {category['n_groups']:,} groups{ari}"
        )
    return lines
