"""A person's screen settings: what is accepted. No database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from labeling.errors import RequestInvalid

THEMES = ("auto", "light", "dark")
DEFAULTS: dict[str, Any] = {"keymap": {}, "theme": "auto", "auto_advance": True}
MAX_SETTINGS = 50
MAX_ACTIONS = 200
MAX_TEXT = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ACTION = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}")
_KEY = re.compile(r"(?:(?:Ctrl|Alt|Shift|Meta)\+){0,4}(?:[^\s+]{1,20}|\+|Space)")
_BROWSER_KEYS = frozenset(f"{modifier}+{letter}" for modifier in ("ctrl", "meta") for letter in "dulwtn")


def merged(stored: Mapping[str, Any], changes: object) -> dict[str, Any]:
    """The settings after the changes. Raises ``RequestInvalid`` (``preferences_invalid``) with every problem."""
    if not isinstance(changes, Mapping):
        raise _invalid([_problem("preferences", "Settings must be an object of names and values.")])
    problems: list[dict[str, str]] = []
    result = {**DEFAULTS, **stored}
    for name, value in changes.items():
        if name == "keymap":
            result["keymap"] = _keymap(result["keymap"], value, problems)
            continue
        problem = _setting_problem(str(name), value)
        if problem:
            problems.append(_problem(str(name)[:60], problem))
        result[str(name)] = value
    if len(result) > MAX_SETTINGS:
        problems.append(_problem("preferences", f"{len(result)} settings; the limit is {MAX_SETTINGS}."))
    if problems:
        raise _invalid(problems)
    return result


def _setting_problem(name: str, value: object) -> str:
    if name == "theme":
        return "" if value in THEMES else f"{value!r} is no theme; choose one of {', '.join(THEMES)}."
    if name == "auto_advance":
        return "" if isinstance(value, bool) else f"{value!r} is neither true nor false."
    if not _NAME.fullmatch(name):
        return "A setting's name has up to 40 letters, digits and underscores, lower case."
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return "" if len(value) <= MAX_TEXT and value.isprintable() else f"A text has at most {MAX_TEXT} printable characters."
    if isinstance(value, (int, float)):
        return "" if abs(value) <= 1e9 else f"{value} is out of range; at most a billion."
    return "A setting is a text, a number, true, false or null."


def _keymap(stored: Mapping[str, str], changes: object, problems: list[dict[str, str]]) -> dict[str, str]:
    if not isinstance(changes, Mapping):
        problems.append(_problem("keymap", "A key map is an object of actions and keys."))
        return dict(stored)
    keymap = dict(stored)
    for action, key in changes.items():
        path = f"keymap.{str(action)[:60]}"
        if not _ACTION.fullmatch(str(action)):
            problems.append(_problem(path, "An action's name has up to 60 letters, digits, dots and hyphens."))
        elif key is None:
            keymap.pop(action, None)
        elif not isinstance(key, str) or not _KEY.fullmatch(key) or not key.isprintable():
            problems.append(_problem(path, f"{str(key)[:40]!r} is no key; write it like 'Alt+Enter'."))
        elif key.casefold() in _BROWSER_KEYS:
            problems.append(_problem(path, f"{key} belongs to the browser; choose another key."))
        else:
            keymap[action] = key
    problems.extend(_collisions(keymap))
    if len(keymap) > MAX_ACTIONS:
        problems.append(_problem("keymap", f"{len(keymap)} actions; the limit is {MAX_ACTIONS}."))
    return keymap


def _collisions(keymap: Mapping[str, str]) -> list[dict[str, str]]:
    first: dict[str, str] = {}
    found = []
    for action, key in keymap.items():
        other = first.setdefault(key.casefold(), action)
        if other != action:
            found.append(_problem(f"keymap.{action}", f"{key} is taken by {other}; choose another key."))
    return found


def _problem(path: str, message: str) -> dict[str, str]:
    return {"path": path, "code": "preference_invalid", "message": message}


def _invalid(problems: list[dict[str, str]]) -> RequestInvalid:
    return RequestInvalid("preferences_invalid", "; ".join(f"{p['path']}: {p['message']}" for p in problems), {"problems": problems})
