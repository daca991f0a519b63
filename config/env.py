"""Settings from the environment: every fault is reported, all together, before anything starts."""

from __future__ import annotations

from environs import Env

env = Env(eager=False)
"""Reads ``COUNTERSIGN_*`` variables. Values are collected lazily; ``seal()`` reports every fault at once."""

env.read_env(recurse=False)
