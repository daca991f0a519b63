"""What this process has recorded lately, so that looking at the same page again costs no statement. Only ever a shortcut:
the database refuses a second entry anyway."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

MOST: Final = 20_000
"""Keys kept: some 4 MB."""


class Recent:
    """The newest keys, the oldest ones forgotten first. Threads may share it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, key: str) -> bool:
        """Whether the key was remembered and not forgotten since."""
        with self._lock:
            return key in self._keys

    def remember(self, key: str) -> None:
        """Keep the key."""
        with self._lock:
            self._keys[key] = None
            while len(self._keys) > self._most:
                self._keys.popitem(last=False)

    def forget(self) -> None:
        """Forget all keys."""
        with self._lock:
            self._keys.clear()


recent = Recent()
