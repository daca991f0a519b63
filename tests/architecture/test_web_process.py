"""The web process stays small: no model code, no document parser, no OCR is ever imported by it."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.architecture.source import ROOT

HEAVY = [
    "torch",
    "transformers",
    "peft",
    "accelerate",
    "pypdfium2",
    "pdfplumber",
    "pdfminer",
    "pytesseract",
    "tesserocr",
    "cv2",
    "skimage",
    "deskew",
    "reportlab",
]

LOAD_EVERYTHING = """
import json, sys
from config.wsgi import application
from django.urls import get_resolver
def touch(resolver):
    for pattern in resolver.url_patterns:
        touch(pattern) if hasattr(pattern, "url_patterns") else pattern.callback
touch(get_resolver())
print(json.dumps(sorted(name for name in sys.modules if "." not in name)))
"""


def test_the_web_process_imports_no_model_and_no_parser() -> None:
    command = [sys.executable, "-c", LOAD_EVERYTHING]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "django" in loaded
    assert loaded & set(HEAVY) == set()


def environment() -> dict[str, str]:
    """The test settings, and nothing of the caller's environment that could import more."""
    return {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PATH": "/usr/bin:/bin"}
