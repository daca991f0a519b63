"""Settings that every deployment shares. Values come from the environment through ``config.env``."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from config.env import BASE_DIR, read_environment
from config.settings.logs import logging_settings
from config.settings.queue import celery_settings

ENVIRONMENT = read_environment(production=os.environ.get("DJANGO_SETTINGS_MODULE") == "config.settings.production")

DATA_DIR: Path = ENVIRONMENT.data_dir
DATABASE_URL: str = ENVIRONMENT.database_url
SECRET_KEY: str = ENVIRONMENT.secret_key
ALLOWED_HOSTS: list[str] = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS: list[str] = ENVIRONMENT.csrf_trusted_origins
MAX_UPLOAD_BYTES: int = ENVIRONMENT.max_upload_bytes
MAX_PAGES: int = ENVIRONMENT.max_pages
LEASE_SECONDS: int = ENVIRONMENT.lease_seconds
JOB_LEASE_SECONDS: int = ENVIRONMENT.job_lease_seconds
SESSION_IDLE_SECONDS: int = ENVIRONMENT.session_idle_seconds
SESSION_ABSOLUTE_SECONDS: int = ENVIRONMENT.session_absolute_seconds
TRUSTED_PROXIES: int = ENVIRONMENT.trusted_proxies
AUDIT_STRICT: bool = ENVIRONMENT.audit_strict
WATCHED_FOLDER: str = ENVIRONMENT.watched_folder
MODEL: str = ENVIRONMENT.model
MODEL_THREADS: int = ENVIRONMENT.model_threads
MODEL_BATCH: int = ENVIRONMENT.model_batch
MODEL_SERVER: str = ENVIRONMENT.model_server
MODEL_SERVER_MODEL: str = ENVIRONMENT.model_server_model
MODEL_SERVER_TIMEOUT: int = ENVIRONMENT.model_server_timeout
PUBLIC_ADDRESS: str = ENVIRONMENT.public_address
WEBHOOK_HOSTS: list[str] = ENVIRONMENT.webhook_hosts
METRICS_TOKEN: str = ENVIRONMENT.metrics_token
EMAIL_HOST: str = ENVIRONMENT.email_host
EMAIL_PORT: int = ENVIRONMENT.email_port
EMAIL_HOST_USER: str = ENVIRONMENT.email_user
EMAIL_HOST_PASSWORD: str = ENVIRONMENT.email_password
EMAIL_USE_TLS: bool = ENVIRONMENT.email_security == "starttls"
EMAIL_USE_SSL: bool = ENVIRONMENT.email_security == "tls"
EMAIL_TIMEOUT = 15
EMAIL_FROM: str = ENVIRONMENT.email_from

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "invoices",
    "labeling",
    "modelops",
    "workers",
]

MIDDLEWARE = [
    "config.request_log.RequestLogMiddleware",
    "config.body_limit.BodyLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.session_age.SessionAgeMiddleware",
    "config.one_time_password.OneTimePasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "invoices.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                ),
            ],
        },
    }
]


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite as measured to be right on one host: WAL, IMMEDIATE transactions, NORMAL synchronous."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;PRAGMA temp_store=MEMORY;",
        },
        "CONN_MAX_AGE": None,
    }


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """The database behind ``COUNTERSIGN_DATABASE_URL`` (``postgres://user:password@host:port/name``), else SQLite."""
    if not url:
        return sqlite(data_dir / "countersign.sqlite3")
    if url.startswith("sqlite:///"):
        return sqlite(Path(url.removeprefix("sqlite:///")))
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"COUNTERSIGN_DATABASE_URL has the scheme {parts.scheme!r}; use postgres:// or sqlite:///.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(DATABASE_URL, DATA_DIR)}

STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DATA_DIR / "files")}},
    "blobs": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DATA_DIR / "blobs")}},
    "staticfiles": {"BACKEND": "labeling.static_storage.HashedModuleStorage"},
}

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "invoices.uploads.UnnamedFileUploadHandler"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "invoices.sessions.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = ENVIRONMENT.login_failure_limit
LOGIN_COOLOFF_SECONDS: int = ENVIRONMENT.login_cooloff_seconds
AXES_COOLOFF_TIME = timedelta(seconds=LOGIN_COOLOFF_SECONDS)
AXES_CLIENT_IP_CALLABLE = "invoices.audit.origin.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "invoices.views.signing_in.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

SESSION_ENGINE = "invoices.sessions"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "invoices.api.sign_in.TokenSignIn",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["invoices.api.parsers.BoundedJsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "invoices.api.negotiation.OneKindEach",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "invoices.api.pagination.IdCursorPagination",
    "PAGE_SIZE": 30,
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle", "rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "6000/min", "anon": "30/min"},
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "invoices.api.problems.problem_handler",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Countersign",
    "DESCRIPTION": "Human-in-the-loop labeling and review for medical invoices.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "DocumentStatusEnum": "invoices.models.DocumentStatus.choices",
        "VendorStatusEnum": "invoices.models.VendorStatus.choices",
        "TaskStateEnum": "labeling.models.TaskState.choices",
        "TaskKindEnum": "labeling.models.TaskKind.choices",
        "EditCauseEnum": "labeling.models.EditCause.choices",
        "DifferenceCauseEnum": "labeling.models.DifferenceCause.choices",
    },
}

LEASE = timedelta(seconds=LEASE_SECONDS)

LOGGING = logging_settings(ENVIRONMENT.log_level)

CELERY = celery_settings(ENVIRONMENT.broker_url, DATA_DIR)
