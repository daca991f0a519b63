"""The station of runs: a data folder of the test's own, on a tiny base."""

from tests.modelops.runs.conftest import dataset, station, tiny_base

__all__ = ["dataset", "station", "tiny_base"]
