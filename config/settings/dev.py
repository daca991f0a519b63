"""The embedded default: one machine, loopback, SQLite, file broker. What ``scripts/run`` starts."""

from config.env import embedded_secret_key
from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, SECRET_KEY

SECRET_KEY = SECRET_KEY or embedded_secret_key(DATA_DIR)
DEBUG = False
