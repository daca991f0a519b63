"""What it takes to open the labeling screen: requests, bytes and time in the real browser, against a running station.

    scripts/run --port 8000 --data /tmp/station          (another terminal)
    python -m benchmarks.labeling_page http://127.0.0.1:8000 --people /tmp/station/demo-users.json

A cold load starts with an empty cache in a fresh browser context that is signed in; a warm one is the next visit in the
same context. Time ends when the record can be edited. ``next`` is the time from the submit key to the next document being
ready, with the one after it prefetched. Bytes are those on the wire (compressed, with headers). The people file needs a
biller with at least ``--next`` documents left. Results are one JSON object on the last line.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

READY = "[data-part=root][data-state=ready]"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="address of the running station")
    parser.add_argument("--people", type=Path, required=True, help="demo-users.json of the station")
    parser.add_argument("--user", default="biller1")
    parser.add_argument("--loads", type=int, default=5, help="cold loads; the median counts")
    parser.add_argument("--next", type=int, default=0, dest="following", help="documents to submit as they are (this changes the station)")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    password = json.loads(arguments.people.read_text())[arguments.user]["password"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=ARGUMENTS)
        result = measure(browser, arguments.url.rstrip("/"), arguments.user, password, arguments.loads, arguments.following)
        browser.close()
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "date": datetime.now(UTC).date().isoformat()}
    print(json.dumps({**machine, **result}))


def measure(browser: Browser, url: str, user: str, password: str, loads: int, following: int) -> dict[str, Any]:
    """Cold and warm loads, then submits. The first document that the person holds is the same one each time."""
    state = signed_in(browser, url, user, password)
    cold, warm = [], []
    for _ in range(loads):
        context = browser.new_context(storage_state=state, viewport={"width": 1366, "height": 768})
        cold.append(load(context, url))
        warm.append(load(context, url))
        context.close()
    result: dict[str, Any] = {"cold": middle(cold), "warm": middle(warm), "loads": loads}
    if following:
        context = browser.new_context(storage_state=state, viewport={"width": 1366, "height": 768})
        result["next"] = submits(context, url, following)
        context.close()
    return result


def signed_in(browser: Browser, url: str, user: str, password: str) -> Any:
    """The cookies of somebody who has signed in; the cache of that visit is thrown away."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/sign-in/?next=/queue/")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/queue/**")
    state = context.storage_state()
    context.close()
    return state


def load(context: BrowserContext, url: str) -> dict[str, Any]:
    """One load of the screen until everything it asked for has arrived."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    wire: Counter[str] = Counter()
    count: Counter[str] = Counter()

    def answered(event: dict[str, Any]) -> None:
        if not event["response"].get("fromDiskCache"):
            kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"])
        if kind is not None:
            wire[kind] += int(event["encodedDataLength"])
            count[kind] += 1

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    started = time.perf_counter()
    page.goto(f"{url}/label/", wait_until="commit")
    page.locator(READY).wait_for()
    seconds = time.perf_counter() - started
    page.wait_for_load_state("networkidle")
    page.close()
    return {"seconds": seconds, "requests": dict(count), "bytes": dict(wire)}


def middle(loads: list[dict[str, Any]]) -> dict[str, Any]:
    """The load with the median time, with its sums."""
    chosen = sorted(loads, key=lambda one: one["seconds"])[len(loads) // 2]
    return {
        "seconds": round(chosen["seconds"], 3),
        "requests": sum(chosen["requests"].values()),
        "kilobytes": round(sum(chosen["bytes"].values()) / 1000, 1),
        "requests_by_kind": chosen["requests"],
        "kilobytes_by_kind": {kind: round(size / 1000, 1) for kind, size in chosen["bytes"].items()},
    }


def submits(context: BrowserContext, url: str, count: int) -> dict[str, Any]:
    """Submit documents as they are and time how long until the next one is ready."""
    page = context.new_page()
    page.goto(f"{url}/label/")
    page.locator(READY).wait_for()
    seconds = []
    for _ in range(count):
        page.wait_for_load_state("networkidle")
        before = page.url
        started = time.perf_counter()
        submit(page)
        page.wait_for_function("before => location.href !== before", arg=before)
        seconds.append(time.perf_counter() - started)
    return {"documents": count, "median_seconds": round(median(seconds), 3), "worst_seconds": round(max(seconds), 3)}


def submit(page: Page) -> None:
    """The submit key, and once more where the screen asks because of warnings."""
    page.keyboard.press("Control+Enter")
    if page.locator("[data-part=again]").is_visible():
        page.keyboard.press("Control+Enter")


if __name__ == "__main__":
    main()
