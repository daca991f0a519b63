"""How many tokens prompts and answers take, by answer form, and how many line items the documents have; and prompts as they might be: with
an id before each row, and with columns kept by spaces instead of tabs.

    python -m benchmarks.answer_forms MODEL [--count 100]

``MODEL`` is a base model directory (``python -m mlcore prepare-base``). Synthetic invoices of composed layouts.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import fmean, median
from typing import Any

from transformers import AutoTokenizer

from mlcore.answers import FORMS
from mlcore.answers.printed import printed_record
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.page_text import PageText, page_text
from mlcore.prompts import build_prompt

SEED = 21


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    tokenizer: Any = AutoTokenizer.from_pretrained(str(options.model), local_files_only=True)
    counts: dict[str, list[int]] = {}
    for document in generate(options.count, SEED, vendor_catalogue(composed=100)):
        counts.setdefault("items", []).append(len(document.gold.record.line_items))
        printed = printed_record(document.gold)
        page = page_text(document.text)
        texts = {"prompt": page.text, "row ids": page_text(document.text, line_ids=True).text, "spaces": _spaced(page)}
        for name, text in texts.items():
            counts.setdefault(name, []).append(len(tokenizer.encode(build_prompt(text, FORMS["rows-1"]))))
        for name, form in FORMS.items():
            answer = "".join(part.text for part in form.spell(printed))
            counts.setdefault(name, []).append(len(tokenizer.encode(answer)))
    for name, found in counts.items():
        ranked = sorted(found)
        print(f"{name:8} mean {fmean(found):.0f}  median {median(found):.0f}  90 % {ranked[int(0.9 * len(ranked))]}  most {ranked[-1]}")


def _spaced(page: PageText) -> str:
    """The page with every word in the column where it stands, half an em a character."""
    text, last = "", 0
    for start, end, _ in page.rows:
        line = ""
        for token in page.tokens_in(start, end):
            line += " " * max(1 if line else 0, round(2 * token.x0) - len(line)) + token.text
        text, last = text + page.text[last:start] + line, end
    return text


if __name__ == "__main__":
    main()
