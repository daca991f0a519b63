"""One person's connection to the product: signed in by the form, with a session and its CSRF token, everything received written down."""

from __future__ import annotations

import http.client
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

_TIMEOUT = 180
_PATIENCE = 3
"""Times that a request is sent again after the server closed an idle connection."""


class Refused(Exception):
    """An answer that the simulation did not expect: the run would mean something else than it says."""

    def __init__(self, method: str, path: str, status: int, body: bytes) -> None:
        self.status = status
        super().__init__(f"{method} {path} answered {status}: {body[:400]!r}")


@dataclass(frozen=True, slots=True)
class Received:
    """One answer: when the request was sent and the answer read (seconds of one clock), and all of it."""

    sent: float
    read: float
    method: str
    path: str
    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, ``None`` when it is empty."""
        return json.loads(self.body) if self.body else None


@dataclass
class Person:
    """Somebody at a browser. ``received`` keeps every answer for the search for leaks."""

    name: str
    port: int
    received: list[Received] = field(default_factory=list)
    _password: str = field(default="", repr=False)
    _cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def sign_in(self, password: str) -> None:
        """By the form. Raises ``Refused``."""
        self.page("sign-in/")
        done = self.form("sign-in/", username=self.name, password=password)
        if done.status != 302:
            raise Refused("POST", "sign-in/", done.status, b"the sign-in page again")
        self._password = password

    def come_back(self) -> None:
        """Sign in again after a pause: a session that nobody used has ended. Raises ``Refused``."""
        self.close()
        self._cookies.clear()
        self.sign_in(self._password)

    def choose_password(self, old: str, new: str) -> None:
        """Replace a one-time password. Raises ``Refused``."""
        done = self.form("password/", old_password=old, new_password1=new, new_password2=new)
        if done.status != 302:
            raise Refused("POST", "password/", done.status, done.body[-600:])
        self._password = new

    def page(self, path: str) -> Received:
        """Open a screen."""
        return self._send("GET", f"/{path}", None, {})

    def form(self, path: str, **values: str) -> Received:
        """Send a form of a screen."""
        data = urlencode({**values, "csrfmiddlewaretoken": self._cookies.get("csrftoken", "")}).encode()
        return self._send("POST", f"/{path}", data, {"Content-Type": "application/x-www-form-urlencoded"})

    def get(self, path: str, *expected: int) -> Received:
        """Read an address of the API. Raises ``Refused`` for a status other than ``expected`` (200 when none is given)."""
        return self._checked("GET", path, self._send("GET", f"/api/v1/{path}", None, {}), expected or (200,))

    def post(self, path: str, body: object, *expected: int, method: str = "POST") -> Received:
        """Send JSON to the API. Raises as ``get``."""
        data = json.dumps(body).encode()
        found = self._send(method, f"/api/v1/{path}", data, {"Content-Type": "application/json"})
        return self._checked(method, path, found, expected or (200, 201, 204))

    def upload(self, name: str, data: bytes, media_type: str) -> Received:
        """Send a file in. Raises ``Refused``."""
        limit = uuid.uuid4().hex
        head = f'--{limit}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {media_type}\r\n\r\n'
        body = head.encode() + data + f"\r\n--{limit}--\r\n".encode()
        found = self._send("POST", "/api/v1/documents/", body, {"Content-Type": f"multipart/form-data; boundary={limit}"})
        return self._checked("POST", "documents/", found, (200, 201))

    def close(self) -> None:
        """Let the connection go; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _checked(self, method: str, path: str, found: Received, expected: tuple[int, ...]) -> Received:
        if found.status not in expected:
            raise Refused(method, path, found.status, found.body)
        return found

    def _send(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Received:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        more = {"Cookie": cookies, "X-CSRFToken": self._cookies.get("csrftoken", ""), "Referer": f"http://127.0.0.1:{self.port}/"}
        for attempt in range(_PATIENCE):
            sent = time.monotonic()
            try:
                self._connection = self._connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
                self._connection.request(method, path, data, {**headers, **more})
                response = self._connection.getresponse()
                body = response.read()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                self.close()
                if attempt == _PATIENCE - 1:
                    raise
        self._keep_cookies(response)
        found = Received(sent, time.monotonic(), method, path, response.status, body)
        self.received.append(found)
        return found

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self._cookies[name] = morsel.value


def one_time_password(page: bytes) -> str:
    """The password that a screen shows for a new account. Raises ``ValueError`` when there is none."""
    found = re.search(rb'class="people__password">([^<]+)<', page)
    if found is None:
        raise ValueError("The screen People shows no one-time password.")
    return found[1].decode()
