"""The contest of the gate's tests."""

from tests.modelops.gate.conftest import base_folder, calibrated, contest, packed, run_folder, station

__all__ = ["base_folder", "calibrated", "contest", "packed", "run_folder", "station"]
