"""An extractor around a network in int8, before and after its calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopsim.base.errors import ShopsimError
from shopsim.features.feature_keys import PRECISION
from shopsim.features.networks import openvino_engine
from shopsim.features.networks.int8 import Calibrated
from shopsim.features.networks.network import NetworkExtractor
from shopsim.features.networks.openvino_engine import OpenVinoNetwork
from shopsim.features.networks.precision import FLOAT32, INT8

if TYPE_CHECKING:
    import openvino

    from shopsim.features.networks.network import Run, Source


class Int8Extractor(NetworkExtractor):
    """A network in int8. `features/calibrated.py` calibrates it for a catalogue; without that it gives no rows.

    Its key names the photos of the calibration, since they change the numbers.
    """

    def __init__(self, source: Source, calibrated: Calibrated | None = None) -> None:
        super().__init__(source, INT8)
        self._calibrated = calibrated

    @property
    def key(self) -> str:
        """The key of its features. Raises ShopsimError before the calibration."""
        return f"{self.float32_key}{PRECISION}{INT8} calibrated={self._of_catalog().digest}"

    @property
    def knows_key(self) -> bool:
        """Whether it is calibrated."""
        return self._calibrated is not None

    def with_calibration(self, calibrated: Calibrated) -> Int8Extractor:
        """Returns the extractor for the catalogue of these photos."""
        return Int8Extractor(self.source, calibrated)

    def model(self) -> openvino.Model:
        """Returns the network in float32. Raises ShopsimError if OpenVINO cannot run it one photo per step."""
        if openvino_engine.import_openvino() and self.source.runs_on_openvino():
            model = self.source.openvino()
            if model.input(0).shape[0] == 1:
                return model
        raise ShopsimError(f"OpenVINO cannot run this network in {INT8}; choose another precision.")

    def _load(self) -> Run:
        # What is not quantized stays in float32, so that bf16 changes no number.
        return OpenVinoNetwork(self._of_catalog().model, FLOAT32)

    def _of_catalog(self) -> Calibrated:
        if self._calibrated is None:
            raise ShopsimError(f"The precision {INT8} is calibrated with the photos of a catalogue; open one first.")
        return self._calibrated
