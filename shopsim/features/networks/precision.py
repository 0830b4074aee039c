"""The precisions in which a network can run, and which one this machine takes by itself."""

from __future__ import annotations

from shopsim.base.registry import Setting

AUTOMATIC, FLOAT32, BF16, INT8 = "automatic", "float32", "bf16", "int8"
NAME = "precision"
SETTING = Setting(
    NAME,
    "Precision",
    AUTOMATIC,
    help="automatic: bf16 where the processor has it, which is faster, else float32. int8: the least exact, "
    "calibrated with photos of the catalogue; photos took no less time than with bf16 where we measured it.",
    options=(AUTOMATIC, FLOAT32, INT8),
)
"""The setting that every network has."""
