"""The embedded default: one machine, loopback, SQLite, file broker. What ``scripts/run`` starts."""

from config.env import env
from config.settings.base import *  # noqa: F403

with env.prefixed("COUNTERSIGN_"):
    SECRET_KEY: str = env.str("SECRET_KEY", "embedded-default-for-loopback-only-not-for-production-use")

DEBUG = False
env.seal()
