"""What every screen and endpoint of two signatures costs at 1,000 and at 100,000 documents, measured side by side.

    python -m benchmarks.screens [--documents 1000,100000] [--times 15] [--database sqlite|postgresql|URL,URL]

Fills two fresh databases (some minutes), starts a web process on each (gunicorn as in ``config/gunicorn.py``), signs in as biller, senior
and admin by the form, and visits every address of ``benchmarks/screens/addresses.py`` on both by turns. Statements, and on SQLite the steps
of its virtual machine, are counted by another process on the same data; they are exact on any machine. Times are seen by the client;
``first`` is the first visit of an address after the start of the process. Bytes are those on the wire, compressed where the product does.
Ends with status 1 when the statements of a row are not the same at both sizes, or its work grows more than ``ALLOWED`` times without a
reason that stands beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack
from typing import Any

from benchmarks.labeling_throughput import chosen_database
from benchmarks.screens.addresses import READING, SCREENS, WORK, Row
from benchmarks.screens.measuring import Place, taken
from benchmarks.screens.printing import HEADING, Counted, faults, line
from benchmarks.web_station import WebStation, command, machine, web_station

PARTS = {"Screens": SCREENS, "API, reading": READING, "API, work": WORK}


def main() -> None:
    """Print one table for each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", default="1000,100000", help="a small and a large number of documents")
    parser.add_argument("--times", type=int, default=15, help="visits of each address")
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, or the URLs of two empty databases, comma between")
    options = parser.parse_args()
    sizes = [int(size) for size in options.documents.split(",")]
    print(f"{machine()}, database {options.database.partition(':')[0]}")
    with ExitStack() as stack:
        urls = options.database.split(",") if "," in options.database else [options.database] * 2
        stations = [stack.enter_context(web_station(stack.enter_context(chosen_database(url)), screens=True)) for url in urls]
        names = [_filled(station, size) for station, size in zip(stations, sizes, strict=True)]
        counted = [_rows(station, "count") for station in stations]
        places = [Place(station, found) for station, found in zip(stations, names, strict=True)]
        wrong = [fault for title, rows in PARTS.items() for fault in _part(title, rows, places, counted, sizes, options.times)]
    for fault in wrong:
        print(fault, file=sys.stderr)
    sys.exit(bool(wrong))


def _part(
    title: str, rows: tuple[Row, ...], places: list[Place], counted: list[dict[str, Counted]], sizes: list[int], times: int
) -> list[str]:
    print(f"\n### {title}\n{HEADING.format(*(f'{size:,}' for size in sizes))}")
    wrong = []
    for row in rows:
        costs = [found[row.name + row.address] for found in counted]
        print(line(row, costs, taken(row, places, times)), flush=True)
        wrong += faults(row, costs)
    return wrong


def _filled(station: WebStation, size: int) -> dict[str, list[Any]]:
    begun = time.perf_counter()
    _rows(station, "fill", str(size))
    print(f"{size:,} documents filled in {time.perf_counter() - begun:.0f} s.", flush=True)
    found: dict[str, list[Any]] = _rows(station, "targets")
    return found


def _rows(station: WebStation, *arguments: str) -> Any:
    return json.loads(command(station.env, "-m", "benchmarks.screens.commands", *arguments).splitlines()[-1])


if __name__ == "__main__":
    main()
