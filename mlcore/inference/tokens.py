"""The tokenizer of a base model, as reading needs it: of a model in memory, or from its file alone, without torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tokenizers import Tokenizer

from mlcore.errors import BaseModelError

TOKENIZER = "tokenizer.json"
_TOLD_IN = (("tokenizer_config.json", "eos_token"), ("special_tokens_map.json", "eos_token"), ("config.json", "eos_token_id"))
"""Files of a model directory that name the end sign, the first that does counts."""


class Tokens(Protocol):
    """Text to tokens and back. No special token is added, and none is left out."""

    @property
    def end(self) -> int | None:
        """The sign that ends an answer."""
        ...

    def encode(self, text: str) -> list[int]:
        """The tokens of a text."""
        ...

    def decode(self, tokens: list[int]) -> str:
        """The text of tokens; bytes that are no character are replacement characters."""
        ...


@dataclass(frozen=True)
class LoadedTokens:
    """Of a tokenizer of ``transformers``."""

    tokenizer: Any

    @property
    def end(self) -> int | None:
        """See ``Tokens``."""
        end: int | None = self.tokenizer.eos_token_id
        return end

    def encode(self, text: str) -> list[int]:
        """See ``Tokens``."""
        tokens: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return tokens

    def decode(self, tokens: list[int]) -> str:
        """See ``Tokens``."""
        text: str = self.tokenizer.decode(tokens, clean_up_tokenization_spaces=False)
        return text


@dataclass(frozen=True)
class FileTokens:
    """Of a model directory, of which only the tokenizer is read."""

    tokenizer: Any
    end: int | None

    def encode(self, text: str) -> list[int]:
        """See ``Tokens``."""
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def decode(self, tokens: list[int]) -> str:
        """See ``Tokens``."""
        return str(self.tokenizer.decode(tokens, skip_special_tokens=False))


def tokens_in(folder: Path) -> FileTokens:
    """The tokenizer in a model directory; weights are not needed. Raises ``BaseModelError``."""
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:  # the library raises bare Exception for a missing file as for a damaged one
        raise BaseModelError(
            f"{folder / TOKENIZER} cannot be read as a tokenizer ({error}). It belongs to the base model; copy it from there, with "
            "tokenizer_config.json and config.json."
        ) from error
    for name, key in _TOLD_IN:
        told = _said_in(folder / name, key)
        end = told if isinstance(told, int) else tokenizer.token_to_id(told) if isinstance(told, str) else None
        if end is not None:
            return FileTokens(tokenizer, end)
    raise BaseModelError(
        f"Nothing in {folder} says which token ends an answer; copy tokenizer_config.json and config.json of the base model there."
    )


def _said_in(path: Path, key: str) -> object:
    try:
        told = json.loads(path.read_text(encoding="utf-8")).get(key)
    except (OSError, ValueError, AttributeError):
        return None
    return told.get("content") if isinstance(told, dict) else told[0] if isinstance(told, list) and told else told
