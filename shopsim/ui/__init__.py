"""With `app.py` and `pages/`, the only code that imports Streamlit."""

from shopsim.ui.calibration import show_calibration
from shopsim.ui.catalog_summary import show_cache, show_opened
from shopsim.ui.catalogs import open_folder, show_recent, upload_zip
from shopsim.ui.confusion import confusion_of, has_models, offer_contingency, show_cost
from shopsim.ui.confusion_cell import show_cell
from shopsim.ui.confusion_matrix import show_matrix
from shopsim.ui.confusion_ranks import show_ranking
from shopsim.ui.downloads import offer_csv
from shopsim.ui.groups import show_groups
from shopsim.ui.map import show_legend, show_map
from shopsim.ui.map_colours import choose_colours
from shopsim.ui.map_hints import show_hints
from shopsim.ui.map_layout import lay_out
from shopsim.ui.map_selection import show_selected
from shopsim.ui.page import fragment, open_page, shown_errors, start_page
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune import (
    show_catalog_line,
    show_curve,
    show_largest_groups,
    show_scores,
    show_sentence,
    show_sizes,
)

__all__ = [
    "choose_colours",
    "choose_threshold",
    "confusion_of",
    "fragment",
    "has_models",
    "lay_out",
    "offer_contingency",
    "offer_csv",
    "open_folder",
    "open_page",
    "show_cache",
    "show_calibration",
    "show_catalog_line",
    "show_cell",
    "show_cost",
    "show_curve",
    "show_groups",
    "show_hints",
    "show_largest_groups",
    "show_legend",
    "show_map",
    "show_matrix",
    "show_opened",
    "show_ranking",
    "show_recent",
    "show_scores",
    "show_selected",
    "show_sentence",
    "show_sizes",
    "shown_errors",
    "start_page",
    "upload_zip",
]
