"""The options of every command that may read through a model server."""

from __future__ import annotations

import argparse

from mlcore.inference.remote.server import KEY_VARIABLE, ModelServer


def add_server(parser: argparse.ArgumentParser) -> None:
    """The options ``--server``, ``--server-model`` and ``--server-timeout``."""
    told = f"address of a server that computes instead of this machine, such as vLLM's; its key is taken from ${KEY_VARIABLE}"
    parser.add_argument("--server", metavar="URL", help=told)
    parser.add_argument("--server-model", metavar="NAME", default="", help="the adapter's name there (default: the artifact's)")
    parser.add_argument("--server-timeout", type=float, default=120.0, metavar="S", help="seconds for one answer (default %(default)s)")


def server_of(options: argparse.Namespace, in_flight: int) -> ModelServer | None:
    """The server that was named, asked for ``in_flight`` answers at a time. Raises ``ModelServerRefused``."""
    if not options.server:
        return None
    return ModelServer(options.server, options.server_model, options.server_timeout, in_flight)
