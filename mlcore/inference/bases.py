"""Base models in the memory of one process, each loaded once however many adapters stand on it.

What reads with one adapter takes it into use before it reads, so several models may be read with in turn. Torch is imported with the
first base, not with this module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlcore.answers.form import AnswerForm

if TYPE_CHECKING:
    from mlcore.base_model.loading import LoadedBase
    from mlcore.inference.adapters import Adapters
    from mlcore.inference.model_reader import ModelReader


@dataclass(frozen=True, slots=True)
class _Held:
    base: LoadedBase
    adapters: Adapters


class Bases:
    """The bases that this process holds, by the hash of their weights."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}

    def __len__(self) -> int:
        return len(self._held)

    def reader(
        self, name: str, adapter: Path, form: AnswerForm, *, sha256: str, load: Callable[[], LoadedBase], max_tokens: int
    ) -> ModelReader:
        """A reader with the adapter, named ``name``, on the base of that hash; ``load`` is called when it is not there yet.

        Raises ``ArtifactError`` when the adapter does not fit; then all that was loaded before is as it was.
        """
        from mlcore.inference.adapters import Adapters
        from mlcore.inference.model_reader import ModelReader

        held = self._held.get(sha256)
        if held is None:
            base = load()
            held = _Held(base, Adapters(base))
        held.adapters.load(name, adapter)
        self._held[sha256] = held
        return ModelReader(held.base, None, form, max_tokens=max_tokens, shared=(held.adapters, name))

    def keep(self, names: Collection[str]) -> None:
        """Forget every adapter but these, and every base on which none is left."""
        for sha256, held in list(self._held.items()):
            for name in set(held.adapters.names).difference(names):
                held.adapters.unload(name)
            if not held.adapters.names:
                del self._held[sha256]
