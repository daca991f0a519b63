"""The pictures in ``docs/screenshots``: real Chromium on a running demo, so that they show what a person sees.

Needs the packages of ``requirements-dev.txt`` and a Chromium. Signs in with the demo's people; the one task that the
labeling screen takes is given back at the end.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZE = {"width": 1366, "height": 768}
SETTLE_MS = 900


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: who looks at which address, in which ``{name}`` is one of ``picture_state``.

    ``link`` is followed first when the address depends on the data; ``keys`` are pressed then, one after the
    other; ``after`` when the picture is taken, to take back what they did.
    """

    name: str
    person: str
    address: str
    link: str = ""
    keys: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    scheme: str = "light"


SHOTS = (
    Shot("labeling", "biller1", "/queue/?sort=priority", link="tbody .button"),
    Shot("labeling-dark", "biller1", "/queue/?sort=priority", link="tbody .button", scheme="dark"),
    Shot("documents", "biller1", "/documents/"),
    Shot("documents-dark", "biller1", "/documents/", scheme="dark"),
    Shot("document", "senior", "/documents/?status=gold", link="#document-rows .table__main"),
    Shot("queue", "biller1", "/queue/"),
    Shot("review", "senior", "/review/"),
    Shot("reviewing", "senior", "/review/", link="tbody a[href^='/label/']"),
    Shot("verify", "senior", "/verify/", keys=("ArrowRight", "x")),
    Shot("thresholds", "senior", "/thresholds/"),
    Shot("correction", "biller2", "/corrections/{gold}/vendor/?vendor_before={vendor_before}"),
    Shot("adjudications", "senior", "/adjudications/"),
    Shot("adjudicate", "senior", "/adjudications/?cause=row&sort=-opened", link="tbody a[href^='/adjudicate/']"),
    Shot("adjudicate-dark", "senior", "/adjudications/?cause=row&sort=-opened", link="tbody a[href^='/adjudicate/']", scheme="dark"),
    Shot(
        "group-ruling",
        "senior",
        "/adjudications/?field=invoice_number&sort=opened",
        link="tbody a[href^='/adjudicate/']",
        keys=("b", "g"),
        after=("Escape", "u"),
    ),
    Shot("agreement", "senior", "/agreement/"),
    Shot("agreement-dark", "senior", "/agreement/", scheme="dark"),
    Shot("agreement-labelers", "senior", "/agreement/labelers/"),
    Shot("agreement-documents", "senior", "/agreement/documents/"),
    Shot("quality", "biller1", "/quality/"),
    Shot("quality-dark", "biller1", "/quality/", scheme="dark"),
    Shot("quality-people", "senior", "/quality/people/"),
    Shot("anchoring", "senior", "/quality/anchoring/"),
    Shot("suspects", "senior", "/suspects/"),
    Shot("gold-tests", "senior", "/gold-tests/"),
    Shot("onboarding", "senior", "/onboarding/"),
    Shot("pauses", "senior", "/pauses/"),
    Shot("guidelines", "biller1", "/guidelines/"),
    Shot("guideline", "senior", "/guidelines/total/"),
    Shot("policy", "admin", "/policy/"),
    Shot("audit", "admin", "/audit/"),
    Shot("audit-entry", "admin", "/audit/?action=policy.changed", link="tbody a[href^='/audit/']"),
    Shot("vendors", "senior", "/vendors/?sort=-examples"),
    Shot("vendor", "senior", "/vendors/?sort=-examples", link="tbody .table__main"),
    Shot("proposed", "senior", "/vendors/proposed/"),
    Shot("failures", "senior", "/failures/"),
    Shot("people", "admin", "/people/"),
    Shot("health", "admin", "/health/"),
)

MODEL_SHOTS = (
    Shot("dashboard", "admin", "/dashboard/?days=90"),
    Shot("dashboard-dark", "admin", "/dashboard/?days=90", scheme="dark"),
    Shot("data-sets", "admin", "/data-sets/"),
    Shot("data-set", "admin", "/data-sets/{data_set}/"),
    Shot("vendor-sides", "admin", "/vendor-sides/"),
    Shot("removal", "admin", "/documents/{document}/remove/"),
    Shot("run-new", "admin", "/runs/new/"),
    Shot("runs", "admin", "/runs/"),
    Shot("run", "admin", "/runs/{running}/"),
    Shot("run-compare", "admin", "/runs/compare/?runs={runs}"),
    Shot("models", "admin", "/models/"),
    Shot("model", "admin", "/models/{model}/"),
    Shot("model-compare", "admin", "/models/compare/?first={champion}&second={model}"),
    Shot("gate-policy", "admin", "/gate-policy/"),
    Shot("serving", "admin", "/serving/"),
    Shot("metrics", "admin", "/monitoring/"),
    Shot("alerts", "admin", "/alerts/"),
    Shot("triggers", "admin", "/triggers/"),
)
"""These need ``picture_models``, the others ``picture_state``."""


def main(arguments: list[str] | None = None) -> int:
    """Take all pictures, or those that are named. Returns the exit code."""
    options = _parser().parse_args(arguments)
    users_file: Path = options.data / "demo-users.json"
    if not users_file.exists():
        print(f"{users_file} is missing. Start the demo first: scripts/run --data {options.data}", file=sys.stderr)
        return 1
    users: dict[str, Any] = json.loads(users_file.read_text())
    wanted = [shot for shot in (*SHOTS, *MODEL_SHOTS) if not options.only or shot.name in options.only]
    state: dict[str, Any] = {}
    if not set(SHOTS).isdisjoint(wanted):
        state |= made_state(options.data, "picture_state")["corrected"]
    if not set(MODEL_SHOTS).isdisjoint(wanted):
        state |= made_state(options.data, "picture_models")
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=ARGUMENTS)
        try:
            if not options.only or "sign-in" in options.only:
                _sign_in_picture(browser, options.url, options.out)
            if any(shot.name == "failures" for shot in wanted):
                _add_failures(browser, options.url, users["biller1"]["token"])
            for shot in wanted:
                _take(browser, options.url, users, shot, state, options.out)
        finally:
            browser.close()
    return 0


def made_state(data: Path, module: str) -> dict[str, Any]:
    """What that module made on the station, in a process of its own: here Playwright has the event loop."""
    command = [sys.executable, "-m", f"scripts.{module}", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The state for the pictures could not be made:\n{done.stderr}")
    state: dict[str, Any] = json.loads(done.stdout)
    return state


def _take(browser: Browser, url: str, users: dict[str, Any], shot: Shot, state: dict[str, Any], out: Path) -> None:
    context = browser.new_context(base_url=url, viewport=SIZE, color_scheme=shot.scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # sizes and schemes are plain values
    page = context.new_page()
    page.goto(f"/sign-in/?next={urllib.parse.quote(shot.address.format(**state))}")
    page.get_by_label("User name").fill(shot.person)
    page.get_by_label("Password").fill(users[shot.person]["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state("networkidle")
    if shot.link:
        page.locator(shot.link).first.click()
        page.wait_for_load_state("networkidle")
    _press(page, shot.keys)
    _save(page, out / f"{shot.name}.png")
    _press(page, shot.after)
    _give_back(page, url, users[shot.person]["token"])
    context.close()


def _press(page: Page, keys: tuple[str, ...]) -> None:
    for key in keys:
        page.wait_for_timeout(SETTLE_MS)
        page.keyboard.press(key)
    page.wait_for_load_state("networkidle")


def _sign_in_picture(browser: Browser, url: str, out: Path) -> None:
    page = browser.new_page(base_url=url, viewport={"width": 1366, "height": 768})
    page.goto("/sign-in/")
    _save(page, out / "sign-in.png")
    page.close()


def _broken_files() -> dict[str, bytes]:
    """Files that cannot be read: locked with a password, cut short, and with a page as large as a house."""
    buffers = {name: io.BytesIO() for name in ("statement with password.pdf", "cut short.pdf", "poster.pdf")}
    locked, short, poster = buffers.values()
    for canvas in (Canvas(locked, encrypt="secret"), Canvas(short), Canvas(poster, pagesize=(200_000, 200_000))):
        canvas.drawString(72, 720, "Invoice")
        canvas.save()
    return {name: buffer.getvalue()[: 400 if buffer is short else None] for name, buffer in buffers.items()}


def _add_failures(browser: Browser, url: str, token: str) -> None:
    """Send the broken files, and wait until the workers are through with each."""
    context = browser.new_context(base_url=url, extra_http_headers={"Authorization": f"Token {token}"})
    for name, data in _broken_files().items():
        file: Any = {"name": name, "mimeType": "application/pdf", "buffer": data}
        sent = context.request.post("/api/v1/documents/", multipart={"file": file}).json()
        while context.request.get(f"/api/v1/documents/{sent['id']}/").json()["status"] in ("received", "parsing"):
            time.sleep(1)
    context.close()


def _give_back(page: Page, url: str, token: str) -> None:
    """Release the task of a labeling or adjudicating screen; other screens hold none."""
    if "/adjudicate/" in page.url:
        page.locator("[data-action-id=release]").click()
        page.wait_for_load_state("networkidle")
    task = re.search(r"/label/(\d+)/", page.url)
    if task is not None:
        page.request.post(f"{url}/api/v1/tasks/{task[1]}/release/", headers={"Authorization": f"Token {token}"})


def _save(page: Page, path: Path) -> None:
    page.wait_for_timeout(SETTLE_MS)
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(path, optimize=True)
    print(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description="Makes docs/screenshots from a running demo (scripts/run).")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running demo (default http://127.0.0.1:8000)")
    parser.add_argument(
        "--data", type=Path, default=ROOT / "data", metavar="DIR", help="data folder of the demo (default: data in the clone)"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots", metavar="DIR", help="where the pictures go")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser (default /usr/bin/chromium)")
    parser.add_argument("--only", nargs="*", metavar="NAME", help=f"only these: {', '.join(shot.name for shot in (*SHOTS, *MODEL_SHOTS))}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
