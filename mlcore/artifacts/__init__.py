"""What training hands on: a directory with an adapter and everything that decides what it answers, verified whenever it is loaded.

``write_artifact`` packs a run, ``write_recalibrated`` and ``write_recertified`` give an artifact another confidence or other thresholds,
``load_artifact`` verifies and opens, ``check_base`` says whether a base model is the right one, ``start_from`` takes one as the beginning
of another training.
Nothing is pickled and nothing in an artifact is run. No torch here: a web process may read what an artifact says of itself.
"""

from mlcore.artifacts.base_fit import check_base
from mlcore.artifacts.load import Artifact, load_artifact
from mlcore.artifacts.recalibrated import write_recalibrated
from mlcore.artifacts.recertified import write_recertified
from mlcore.artifacts.starting import start_from
from mlcore.artifacts.write import write_artifact

__all__ = ["Artifact", "check_base", "load_artifact", "start_from", "write_artifact", "write_recalibrated", "write_recertified"]
