"""A real HTTP server and a real SMTP server on this machine, which keep what they are sent and answer as they are told."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """``answers`` are statuses, one for each request, the last one for ever; ``slow`` waits so many seconds before each byte."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [200])
    slow: float = 0.0
    bytes_answered: int = 2
    location: str = ""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/in"


@contextmanager
def http_receiver() -> Iterator[Receiver]:
    """Runs while the block does."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.append((self.path, dict(self.headers), body))
            status = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
            try:
                self.send_response(status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", str(receiver.bytes_answered))
                self.end_headers()
                for _ in range(min(receiver.bytes_answered, 400) if receiver.slow else 1):
                    time.sleep(receiver.slow)
                    self.wfile.write(b"o" if receiver.slow else b"o" * receiver.bytes_answered)
                    self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                pass  # the sender has had enough

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    with _running(server):
        yield receiver


@dataclass
class MailServer:
    """``refuses``: the answer to a recipient, for example 550; 0 takes everybody."""

    port: int = 0
    refuses: int = 0
    mails: list[tuple[list[str], str]] = field(default_factory=list)


@contextmanager
def smtp_server() -> Iterator[MailServer]:
    """Speaks as much SMTP as it takes to hand over a mail."""
    server_state = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            recipients: list[str] = []
            self._say("220 test")
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "RCPT":
                    recipients.append(line.partition(":")[2])
                    self._say(f"{server_state.refuses} no" if server_state.refuses else "250 ok")
                elif verb == "DATA":
                    self._say("354 go on")
                    server_state.mails.append((recipients, self._mail()))
                    self._say("250 ok")
                elif verb == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _mail(self) -> str:
            lines = []
            while (line := self.rfile.readline().decode()) != ".\r\n":
                lines.append(line)
            return "".join(lines)

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server_state.port = server.server_address[1]
    with _running(server):
        yield server_state


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
