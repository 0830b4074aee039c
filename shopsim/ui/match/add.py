"""Offers to add the new photos to the groups for good."""

from __future__ import annotations

import numpy as np
import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.additions import add_photos
from shopsim.grouping.matching.matched import Matched
from shopsim.ui.access.rights import WHY_NOT, changes, may_change
from shopsim.ui.match.place import forget_place
from shopsim.ui.parts.texts import counted

_HELP = (
    "shopsim keeps copies of the photos in its workspace, with the numbers of their groups. The folder of the "
    "catalogue stays as it is. New photos are then compared with them too, as long as photos, settings and threshold "
    "are the same."
)

JUST_ADDED = "match-just-added"
"""Key of the sentence about the photos that were added last; it is shown once."""


def offer_to_add(grouping: Grouping, matched: Matched) -> None:
    """Draws the button; photos that are byte-equal with known ones are not added again."""
    n_fresh = int((matched.copy_of < 0).sum())
    if not n_fresh or grouping.fitted.catalog.vectors_path is not None:
        return
    off = {} if may_change() else {"disabled": True, "help": WHY_NOT}
    label = f"Add to the groups for good: {counted(n_fresh, 'photo')}"
    if st.button(label, icon=":material/add_photo_alternate:", **{"help": _HELP, **off}):
        with st.spinner("Keeping the photos…"):
            changes(add_photos)(grouping, matched.together.additions, matched.catalog.images, matched.matches.group)
        forget_place()
        n_groups = len(np.unique(matched.matches.group[matched.copy_of < 0]))
        st.session_state[JUST_ADDED] = f"Added {counted(n_fresh, 'photo')} to {counted(n_groups, 'group')}."
        st.rerun()
