"""Which server answers, and how it is called: checked before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from mlcore.errors import ModelServerRefused

KEY_VARIABLE = "COUNTERSIGN_MODEL_SERVER_KEY"
"""Environment variable: the key that the server wants (``Authorization: Bearer``). Nothing else holds a key."""
MOST_IN_FLIGHT = 256
_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class ModelServer:
    """``url`` is ``http(s)://host[:port][/path]``, with or without ``/v1``; ``model`` the name under which the server serves the adapter.

    ``""`` as ``model`` stands for the artifact's own name. ``timeout`` is how long one answer may take, in seconds; ``in_flight`` how
    many are asked for at the same time. Raises ``ModelServerRefused`` for what cannot be, every fault together.
    """

    url: str
    model: str = ""
    timeout: float = 120.0
    in_flight: int = 8

    def __post_init__(self) -> None:
        faults = url_faults(self.url)
        if not self.timeout > 0:
            faults.append(f"A timeout of {self.timeout} s answers nothing; give seconds above 0.")
        if not 1 <= self.in_flight <= MOST_IN_FLIGHT:
            faults.append(f"{self.in_flight} requests at the same time: give 1 to {MOST_IN_FLIGHT}.")
        if faults:
            raise ModelServerRefused(" ".join(faults))

    @property
    def base(self) -> str:
        """The address that ``/v1/...`` is put behind."""
        return self.url.rstrip("/").removesuffix("/v1").rstrip("/")


def url_faults(url: str) -> list[str]:
    """What is wrong with the address of a server, in sentences that do not repeat what may be a secret."""
    wanted = "Give the address of the model server as http://host:port or https://host"
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return [f"{wanted}; what is set is no address ({error})."]
    faults = []
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        faults.append(f"{wanted}.")
    if parts.username is not None or parts.password is not None:
        faults.append(f"An address holds no password; give the key in {KEY_VARIABLE}.")
    if parts.query or parts.fragment or any(sign.isspace() or ord(sign) < 32 for sign in url):
        faults.append(f"{wanted}, without ?, # and spaces.")
    return faults


def checked_key(key: str) -> str:
    """The key as it may stand in a header; ``""`` for none. Raises ``ModelServerRefused`` without repeating it."""
    if key and not _KEY.fullmatch(key):
        raise ModelServerRefused(f"{KEY_VARIABLE} holds spaces or signs that are not ASCII; set it to the key alone.")
    return key
