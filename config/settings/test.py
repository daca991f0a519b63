"""Settings of the test suite: SQLite unless ``COUNTERSIGN_DATABASE_URL`` names another database."""

import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASE_URL, REST_FRAMEWORK, STORAGES, database
from config.settings.queue import celery_settings

SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests"  # noqa: S105
DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATA_DIR = Path(tempfile.mkdtemp(prefix="countersign-test-"))
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir()
DATABASES = {"default": database(DATABASE_URL, DATA_DIR)}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: threads of the live server and concurrent writers need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
STORAGES = {
    **STORAGES,
    "blobs": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DATA_DIR / "blobs")}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
CELERY = celery_settings("", DATA_DIR)
AXES_ENABLED = False
MODEL = "none"  # also where an adapter is shipped: tests that need a model name one
