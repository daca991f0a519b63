"""A person at a browser: signs in by the form, keeps the connection open, asks for what the rows say."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.parse
from typing import Any, Final

from benchmarks.screens.addresses import Row, filled
from benchmarks.web_station import Answer

_CHUNK: Final = 1_000
_IDLE: Final = 10.0


class Visitor:
    """One person, signed in. Raises ``SystemExit`` when that or a request is refused: the run would mean nothing."""

    def __init__(self, port: int, name: str, password: str) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}
        self._asked = time.monotonic()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', self._ask("GET", "/sign-in/").body)
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token[1].decode() if token else ""}
        answer = self._ask("POST", "/sign-in/", urllib.parse.urlencode(form), "application/x-www-form-urlencoded")
        if answer.status != 302:
            raise SystemExit(f"{name} could not sign in: {answer.status}")

    def visit(self, row: Row, names: dict[str, list[Any]], turn: int) -> Answer:
        """Ask for one row with the targets of one turn."""
        address, body = filled(row.address, names, turn), filled(row.body, names, turn)
        answer = self._ask(row.method, address, None if body is None else json.dumps(body), first_bytes=row.first_bytes)
        if answer.status not in (200, 201, 204):
            raise SystemExit(f"{row.name}: {row.method} {address} answered {answer.status}: {answer.body[:300]!r}")
        if row.gives_back and answer.status == 200:
            self._ask("POST", f"/api/v1/tasks/{answer.json['id']}/release/", "{}")
        return answer

    def _ask(self, method: str, path: str, body: str | None = None, kind: str = "application/json", *, first_bytes: bool = False) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()), "Content-Type": kind}
        headers |= {"X-CSRFToken": self._cookies.get("csrftoken", "")}
        packed = (path.startswith("/api/") and method == "GET") or not path.startswith("/api/")
        headers |= {"Accept-Encoding": "gzip"} if packed and path != "/sign-in/" else {}
        if time.monotonic() - self._asked > _IDLE:
            self._connection.close()  # the server lets go of a connection that is idle; the next request opens another
        self._asked = time.monotonic()
        started = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        got = response.read(_CHUNK) if first_bytes else response.read()
        seconds = time.perf_counter() - started
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if first_bytes:
            self._connection.close()
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        return Answer(response.status, got, seconds)
