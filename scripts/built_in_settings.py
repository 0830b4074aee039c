"""Makes the built-in settings anew: `python scripts/built_in_settings.py FOLDER ... --cache DIR`.

FOLDER: labelled photos; the demo is added. Prints how forests do on photos of families that they have not seen, and
writes one model and one card per extractor into the package. The same photos give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from built_in.card import save_model  # noqa: E402
from built_in.catalogues import kinds_of, measured_parts  # noqa: E402
from built_in.training import grow, judge_unseen, table_of, worth_learning  # noqa: E402
from built_in.unions import measured_unions  # noqa: E402

EXTRACTORS = ("efficientnet_lite0", "mobilenet_v2", "color_shape")
OUT = ROOT / "shopsim" / "tuning" / "built_in" / "data"
PARTS_OF_GIVEN, PARTS_OF_MADE, UNIONS = 24, 6, 160


def main() -> None:
    """Reads the options and makes every model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument("--cache", metavar="DIR", type=Path, required=True, help="keeps drawn photos and features")
    parser.add_argument("--extractors", metavar="NAME", nargs="+", default=list(EXTRACTORS))
    args = parser.parse_args()
    kinds = list(kinds_of(args.folders, args.cache))
    for extractor in args.extractors:
        measured = [
            one
            for kind in kinds
            for one in measured_parts(
                kind, extractor, args.cache, PARTS_OF_GIVEN if kind.given else PARTS_OF_MADE, _say
            )
        ]
        measured += measured_unions(kinds, extractor, args.cache, UNIONS, _say)
        measured = [one for one in measured if worth_learning(one)]
        judged = judge_unseen(measured)
        table = table_of(judged)
        print(f"{extractor}, each family judged by a forest that has not seen it:", *table, sep="\n")
        save_model(OUT, extractor, grow(measured), measured, judged, table)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
