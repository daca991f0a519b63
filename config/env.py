"""Settings from the environment: every variable is read here, every fault is reported, all together, before anything starts.

``docs/operations.md`` lists the variables; a test compares the two.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, ValidationError

from mlcore.alerting.allowlist import read_entries
from mlcore.inference.remote.server import url_faults

PREFIX: Final = "COUNTERSIGN_"
SECRETS: Final = frozenset({"SECRET_KEY", "DATABASE_URL", "BROKER_URL", "MODEL_SERVER", "EMAIL_PASSWORD", "METRICS_TOKEN"})
"""Variables whose value is never shown."""

REQUIRED: Final = {
    "SECRET_KEY": "Give a random text of at least 50 characters; for example from `openssl rand -base64 48`.",
    "DATABASE_URL": "Give the database, for example postgres://user:password@host:5432/countersign.",
    "BROKER_URL": "Give the message broker, for example redis://host:6379/0.",
    "ALLOWED_HOSTS": "Give the host names people use in the address, separated by commas.",
}
"""What production has to be told, with the remedy; the embedded default makes these up."""

SECRET_KEY_LENGTH: Final = 50
METRICS_TOKEN_LENGTH: Final = 20
BASE_DIR: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment says. Times are in seconds, sizes in bytes."""

    data_dir: Path
    secret_key: str
    database_url: str
    broker_url: str
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    max_upload_bytes: int
    max_pages: int
    lease_seconds: int
    job_lease_seconds: int
    session_idle_seconds: int
    session_absolute_seconds: int
    login_failure_limit: int
    login_cooloff_seconds: int
    trusted_proxies: int
    audit_strict: bool
    watched_folder: str
    model: str
    model_threads: int
    model_batch: int
    model_server: str
    model_server_model: str
    model_server_timeout: int
    public_address: str
    email_host: str
    email_port: int
    email_user: str
    email_password: str
    email_security: str
    email_from: str
    webhook_hosts: list[str]
    metrics_token: str
    log_level: str


def read_environment(*, production: bool) -> Environment:
    """Read and check all variables. Raises ``ImproperlyConfigured`` with one line per fault.

    ``production`` requires what the embedded default makes up: a secret key, a database, a broker, host names.
    """
    env = Env(eager=False)
    with env.prefixed(PREFIX):
        found = Environment(
            data_dir=env.path("DATA_DIR", BASE_DIR / "data"),
            secret_key=env.str("SECRET_KEY", "", validate=_secret_key),
            database_url=env.str("DATABASE_URL", "", validate=_scheme(("postgres", "postgresql", "sqlite"))),
            broker_url=env.str("BROKER_URL", "", validate=_scheme(("redis", "rediss", "amqp", "amqps", "filesystem"))),
            allowed_hosts=env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"], validate=_hosts),
            csrf_trusted_origins=env.list("CSRF_TRUSTED_ORIGINS", [], validate=_origins),
            max_upload_bytes=env.int("MAX_UPLOAD_BYTES", 50 * 1024 * 1024, validate=_between(1024, 2**31)),
            max_pages=env.int("MAX_PAGES", 200, validate=_between(1, 5000)),
            lease_seconds=env.int("LEASE_SECONDS", 900, validate=_between(5, 86_400)),
            job_lease_seconds=env.int("JOB_LEASE_SECONDS", 30, validate=_between(3, 3600)),
            session_idle_seconds=env.int("SESSION_IDLE_SECONDS", 15 * 60, validate=_between(60, 86_400)),
            session_absolute_seconds=env.int("SESSION_ABSOLUTE_SECONDS", 12 * 3600, validate=_between(300, 7 * 86_400)),
            login_failure_limit=env.int("LOGIN_FAILURE_LIMIT", 10, validate=_between(3, 100)),
            login_cooloff_seconds=env.int("LOGIN_COOLOFF_SECONDS", 15 * 60, validate=_between(60, 86_400)),
            trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=_between(0, 10)),
            audit_strict=env.bool("AUDIT_STRICT", False),
            watched_folder=env.str("WATCHED_FOLDER", "", validate=_folder),
            model=env.str("MODEL", ""),
            model_threads=env.int("MODEL_THREADS", 1, validate=_between(1, 256)),
            model_batch=env.int("MODEL_BATCH", 8, validate=_between(1, 256)),
            model_server=env.str("MODEL_SERVER", "", validate=_model_server),
            model_server_model=env.str("MODEL_SERVER_MODEL", ""),
            model_server_timeout=env.int("MODEL_SERVER_TIMEOUT", 120, validate=_between(1, 1800)),
            public_address=env.str("PUBLIC_ADDRESS", "", validate=_public_address),
            email_host=env.str("EMAIL_HOST", ""),
            email_port=env.int("EMAIL_PORT", 587, validate=_between(1, 65_535)),
            email_user=env.str("EMAIL_USER", ""),
            email_password=env.str("EMAIL_PASSWORD", ""),
            email_security=env.str("EMAIL_SECURITY", "starttls", validate=_one_of(("starttls", "tls", "none"))),
            email_from=env.str("EMAIL_FROM", "countersign@localhost"),
            webhook_hosts=env.list("WEBHOOK_HOSTS", [], validate=_webhook_hosts),
            metrics_token=env.str("METRICS_TOKEN", "", validate=_metrics_token),
            log_level=env.str("LOG_LEVEL", "INFO", validate=_one_of(("DEBUG", "INFO", "WARNING", "ERROR"))),
        )
    faults = _faults(env) + (_missing() if production else [])
    if not faults and found.session_idle_seconds > found.session_absolute_seconds:
        faults.append(
            f"{PREFIX}SESSION_IDLE_SECONDS={found.session_idle_seconds} is longer than "
            f"{PREFIX}SESSION_ABSOLUTE_SECONDS={found.session_absolute_seconds}; make it the shorter one."
        )
    if faults:
        count = "1 setting is" if len(faults) == 1 else f"{len(faults)} settings are"
        raise ImproperlyConfigured(f"{count} wrong (see docs/operations.md):\n" + "\n".join(f"  {fault}" for fault in faults))
    return found


def embedded_secret_key(data_dir: Path) -> str:
    """The secret key of a data folder: made on first use, readable by its owner only (mode 600)."""
    path = data_dir / "secret-key"
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, complete = tempfile.mkstemp(prefix="secret-key-", dir=data_dir)  # mode 600
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(60))
        with contextlib.suppress(FileExistsError):  # of processes that start together one is first, and all take its key
            os.link(complete, path)
        os.unlink(complete)
    return path.read_text().strip()


def _metrics_token(value: str) -> None:
    if value and len(value) < METRICS_TOKEN_LENGTH:
        raise ValidationError(f"The token has {len(value)} characters; give {METRICS_TOKEN_LENGTH} or more, from `openssl rand -hex 32`.")


def _faults(env: Env) -> list[str]:
    try:
        env.seal()
    except EnvValidationError as error:
        found = error.error_messages
        assert isinstance(found, Mapping), "environs gives one list of messages for each variable when sealing"
        return [_fault(variable, messages) for variable, messages in sorted(found.items())]
    return []


def _fault(variable: str, messages: list[str]) -> str:
    value = os.environ.get(variable)
    name = variable.removeprefix(PREFIX)
    shown = "is not set" if value is None else "(value hidden)" if name in SECRETS else f"= {value!r}"
    return f"{variable} {shown}: {' '.join(messages)}"


def _missing() -> list[str]:
    return [f"{PREFIX}{name} is not set: {remedy}" for name, remedy in REQUIRED.items() if not os.environ.get(PREFIX + name)]


def _between(low: int, high: int) -> Callable[[int], None]:
    def check(number: int) -> None:
        if not low <= number <= high:
            raise ValidationError(f"Give a whole number from {low} to {high}.")

    return check


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in allowed:
            raise ValidationError(f"Give one of {', '.join(allowed)}.")

    return check


def _secret_key(key: str) -> None:
    if key and (len(key) < SECRET_KEY_LENGTH or len(set(key)) < 10 or key.startswith("django-insecure-")):
        raise ValidationError(REQUIRED["SECRET_KEY"])


def _scheme(allowed: tuple[str, ...]) -> Callable[[str], None]:
    def check(url: str) -> None:
        if url and urlsplit(url).scheme not in allowed:
            raise ValidationError(f"Give an address that begins with one of {', '.join(f'{name}://' for name in allowed)}.")

    return check


def _model_server(url: str) -> None:
    if url and (faults := url_faults(url)):
        raise ValidationError(" ".join(faults))


def _public_address(url: str) -> None:
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise ValidationError("Give the address at which people open the station, for example https://countersign.example.org.")


def _webhook_hosts(entries: list[str]) -> None:
    if faults := read_entries(entries)[1]:
        raise ValidationError(" ".join(faults))


def _origins(origins: list[str]) -> None:
    if any(not origin.startswith(("https://", "http://")) for origin in origins):
        raise ValidationError("Give origins with their scheme, separated by commas, for example https://countersign.example.org.")


def _hosts(hosts: list[str]) -> None:
    if not all(host.strip() for host in hosts):
        raise ValidationError("One of the names is empty. " + REQUIRED["ALLOWED_HOSTS"])
    if "*" in hosts:
        raise ValidationError("A star serves whatever name a request claims. " + REQUIRED["ALLOWED_HOSTS"])


def _folder(path: str) -> None:
    if path and not Path(path).is_dir():
        raise ValidationError("Give a folder that exists, or leave it empty.")
