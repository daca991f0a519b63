"""Measures the streamed gold export: CPU and memory of the web process, time to the first byte, at several sizes.

    python -m benchmarks.export [--records 1000,10000] [--database sqlite|postgresql|URL]

Memory is the highest growth of the web process seen while the answer was read (sampled every 20 ms).
"""

from __future__ import annotations

import argparse
import http.client
import threading
import time
from dataclasses import dataclass

from benchmarks.labeling_throughput import chosen_database
from benchmarks.web_station import Browser, WebStation, machine, web_station

BLOCK = 65_536
SAMPLE_SECONDS = 0.02


@dataclass(frozen=True)
class Export:
    """One export as seen by the client and in the web process."""

    seconds: float
    first_byte_seconds: float
    cpu_seconds: float
    growth_mb: float
    size_mb: float
    lines: int


def export(station: WebStation, token: str, form: str) -> Export:
    """Read one export to its end."""
    idle, highest, done = station.memory_mb(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal highest
        while not done.wait(SAMPLE_SECONDS):
            highest = max(highest, station.memory_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    cpu, started = station.cpu_seconds(), time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", station.port, timeout=600)
    connection.request("GET", f"/api/v1/gold/export/?format={form}", headers={"Authorization": f"Token {token}"})
    response = connection.getresponse()
    size = lines = 0
    first = 0.0
    while block := response.read1(BLOCK):
        first = first or time.perf_counter() - started
        size += len(block)
        lines += block.count(b"\n")
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    connection.close()
    if response.status != 200:
        raise SystemExit(f"The export answered {response.status}.")
    return Export(seconds, first, station.cpu_seconds() - cpu, max(0.0, highest - idle), size / 1_048_576, lines)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", default="1000,10000", help="numbers of gold records, rising")
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, or the URL of an empty database")
    options = parser.parse_args()
    print(f"{machine()}, database {options.database.partition(':')[0]}")
    print("| gold records | format | s | first byte s | web CPU s | memory growth MB | MB | lines |\n" + "|---" * 8 + "|")
    with chosen_database(options.database) as url, web_station(url) as station:
        token = station.rows("people", "1")["senior"]
        Browser(station.port, token).send("GET", "tasks/counters/")
        filled = 0
        for size in map(int, options.records.split(",")):
            station.rows("fill", str(size - filled))
            station.rows("gold")
            filled = size
            for form in ("jsonl", "csv"):
                found = export(station, token, form)
                numbers = (found.seconds, found.first_byte_seconds, found.cpu_seconds, found.growth_mb, found.size_mb)
                print(f"| {size:,} | {form} | " + " | ".join(f"{number:.2f}" for number in numbers) + f" | {found.lines:,} |", flush=True)


if __name__ == "__main__":
    main()
