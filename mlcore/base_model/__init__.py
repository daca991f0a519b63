"""The language model under the adapters: found, made ready once, checked, and loaded at the precision that the machine has.

``find_base`` says which one (a configured directory, else SmolLM2-135M-Instruct from its wheel), ``load_base`` loads it.
Nothing here asks a hub, and no code of a model is ever run (``trust_remote_code`` is never set).
"""

from mlcore.base_model.identity import BaseIdentity, identity_of
from mlcore.base_model.prepare import find_base, prepare_wheel

__all__ = ["BaseIdentity", "find_base", "identity_of", "prepare_wheel"]
