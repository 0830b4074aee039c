"""With `app.py` and `pages/`, the only code that imports Streamlit."""

from shopsim.ui.access.gate import open_browser, server_gate
from shopsim.ui.catalogs.catalogs import open_folder, show_recent, upload_zip
from shopsim.ui.catalogs.summary import show_cache, show_opened
from shopsim.ui.catalogs.tuned_list import show_tuned
from shopsim.ui.catalogs.uploads import show_uploads
from shopsim.ui.compare.board import show_leaderboard
from shopsim.ui.compare.changes import show_pairs
from shopsim.ui.compare.curves import show_curves
from shopsim.ui.compare.models import show_models
from shopsim.ui.compare.sides import choose_other, show_both
from shopsim.ui.confusion.cell import show_cell
from shopsim.ui.confusion.confusion import confusion_of, has_models, offer_contingency, show_cost
from shopsim.ui.confusion.matrix import show_matrix
from shopsim.ui.confusion.ranking import show_ranking
from shopsim.ui.groups.groups import show_groups
from shopsim.ui.guard import fragment, shown_errors
from shopsim.ui.learn.networks import show_networks
from shopsim.ui.learn.start import offer_learning
from shopsim.ui.learn.watch import show_learning
from shopsim.ui.map.colours import choose_colours
from shopsim.ui.map.hints import show_hints
from shopsim.ui.map.layout import lay_out
from shopsim.ui.map.map import show_legend, show_map
from shopsim.ui.map.selection import show_selected
from shopsim.ui.page import open_page, open_photos, start_page
from shopsim.ui.parts.downloads import offer_csv
from shopsim.ui.review.listing import offer_label_errors, show_suspects
from shopsim.ui.review.review import review_of, show_corrected_scores
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune.auto import show_auto
from shopsim.ui.tune.calibration import show_calibration
from shopsim.ui.tune.curve import show_curve
from shopsim.ui.tune.scores import show_catalog_line, show_largest_groups, show_scores, show_sentence, show_sizes
from shopsim.ui.tune.tuned_calibration import calibration_for

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
