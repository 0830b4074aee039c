"""Asks which form a folder has if it can be read in several ways that give different models."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import streamlit as st

from shopsim.catalog.forms.readings import Reading, SeveralReadingsError
from shopsim.ui.access.rights import may_change
from shopsim.ui.address import take_choice
from shopsim.ui.choice import Choice
from shopsim.ui.parts.recent import Recent, remember
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.waiting import link_to_catalogs


def ask_for_form(question: SeveralReadingsError, choice: Choice) -> NoReturn:
    """Shows a button per reading, with its models, that opens the folder in this way; the page ends here."""
    st.error(as_written(f"{question.why}."))
    for reading in question.readings:
        if st.button(_label(reading), key=f"form-{reading.form}"):
            if may_change():
                remember(Recent(choice.folder, reading.form, choice.labels, choice.encoding))
            take_choice(replace(choice, form=reading.form, category=None, value=None))
    link_to_catalogs()
    st.stop()


def _label(reading: Reading) -> str:
    models = counted(reading.n_models, "model") if reading.n_models else "no true models"
    example = f", {as_written(reading.example)}" if reading.example else ""
    return f"**{reading.form}**: {models}{example}"
