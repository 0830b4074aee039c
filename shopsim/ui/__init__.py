"""With `app.py` and `pages/`, the only code that imports Streamlit."""

from shopsim.ui.auto import show_auto
from shopsim.ui.calibration import show_calibration
from shopsim.ui.catalog_summary import show_cache, show_opened
from shopsim.ui.catalogs import open_folder, show_recent, upload_zip
from shopsim.ui.compare_board import show_leaderboard
from shopsim.ui.compare_curves import show_curves
from shopsim.ui.compare_models import show_models
from shopsim.ui.compare_pairs import show_pairs
from shopsim.ui.compare_sides import choose_other, show_both
from shopsim.ui.confusion import confusion_of, has_models, offer_contingency, show_cost
from shopsim.ui.confusion_cell import show_cell
from shopsim.ui.confusion_matrix import show_matrix
from shopsim.ui.confusion_ranks import show_ranking
from shopsim.ui.downloads import offer_csv
from shopsim.ui.gate import open_browser, server_gate
from shopsim.ui.groups import show_groups
from shopsim.ui.guard import fragment, shown_errors
from shopsim.ui.learn_networks import show_networks
from shopsim.ui.learn_start import offer_learning
from shopsim.ui.learn_watch import show_learning
from shopsim.ui.map import show_legend, show_map
from shopsim.ui.map_colours import choose_colours
from shopsim.ui.map_hints import show_hints
from shopsim.ui.map_layout import lay_out
from shopsim.ui.map_selection import show_selected
from shopsim.ui.page import open_page, open_photos, start_page
from shopsim.ui.review import review_of, show_corrected_scores
from shopsim.ui.review_list import offer_label_errors, show_suspects
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune import (
    show_catalog_line,
    show_largest_groups,
    show_scores,
    show_sentence,
    show_sizes,
)
from shopsim.ui.tune_curve import show_curve
from shopsim.ui.tuned_calibration import calibration_for
from shopsim.ui.tuned_list import show_tuned
from shopsim.ui.uploads import show_uploads

__all__ = [
    "calibration_for",
    "choose_colours",
    "choose_other",
    "choose_threshold",
    "confusion_of",
    "fragment",
    "has_models",
    "lay_out",
    "offer_contingency",
    "offer_csv",
    "offer_label_errors",
    "offer_learning",
    "open_browser",
    "open_folder",
    "open_page",
    "open_photos",
    "review_of",
    "server_gate",
    "show_auto",
    "show_both",
    "show_cache",
    "show_calibration",
    "show_catalog_line",
    "show_cell",
    "show_corrected_scores",
    "show_cost",
    "show_curve",
    "show_curves",
    "show_groups",
    "show_hints",
    "show_largest_groups",
    "show_leaderboard",
    "show_learning",
    "show_legend",
    "show_map",
    "show_matrix",
    "show_models",
    "show_networks",
    "show_opened",
    "show_pairs",
    "show_ranking",
    "show_recent",
    "show_scores",
    "show_selected",
    "show_sentence",
    "show_sizes",
    "show_suspects",
    "show_tuned",
    "show_uploads",
    "shown_errors",
    "start_page",
    "upload_zip",
]
