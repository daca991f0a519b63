"""Production: secrets are required, TLS is assumed, nothing has a default that would be unsafe."""

from config.env import env
from config.settings.base import *  # noqa: F403

with env.prefixed("COUNTERSIGN_"):
    SECRET_KEY: str = env.str("SECRET_KEY", validate=lambda key: len(key) >= 50 and "embedded-default" not in key)

DEBUG = False
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
env.seal()
