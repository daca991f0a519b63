"""Training examples of a document that is too long for one: its windows, each with what is printed in it. Pure.

Windows are planned as for reading (``inference.windows``), so that a model learns what it will be asked: to say the fields that a part of
a document shows, nothing for those that it does not, and the line items whose rows it has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from mlcore.answers.form import AnswerForm
from mlcore.answers.printed import PrintedValue, printed_values
from mlcore.documents import GoldExample
from mlcore.inference.windows import readable_page, windows_of
from mlcore.page_text import text_of_rows
from mlcore.prompts import build_prompt
from mlcore.schema import HEADER_FIELDS, item_path, split_item_path
from mlcore.training.examples import Tokenizer, TrainingExample, example_of

_ALL = frozenset({*(spec.name for spec in HEADER_FIELDS), "line_items"})


def window_examples(
    name: str, gold: GoldExample, form: AnswerForm, tokenizer: Tokenizer, *, max_tokens: int, rare_weight: float = 1.0, weight: float = 1.0
) -> list[TrainingExample]:
    """One example for each window of a document; ``max_tokens`` bounds prompt and answer together, as in reading.

    An answer that has no room beside its window makes an example longer than that, as a whole document does.
    """
    page = readable_page(gold.document)
    values = printed_values(gold, page.layout)

    def tokens_of(text: str) -> int:
        return len(tokenizer(text, add_special_tokens=False)["input_ids"])

    budget = int(max_tokens * form.prompt_share) - tokens_of(build_prompt("", form))
    made = []
    for number, window in enumerate(windows_of(page, tokens_of, budget)):
        text = text_of_rows(page.layout, window.rows).text
        told = printed_in(values, frozenset(window.rows), text, gold.label_fields)
        made.append(example_of(name, text, *told, form, tokenizer, rare_weight=rare_weight, weight=weight, part=number))
    return made


def printed_in(
    values: Mapping[str, PrintedValue], rows: Collection[int], text: str, label_fields: Collection[str] | None
) -> tuple[dict[str, str], frozenset[str]]:
    """What is printed in a window of ``rows`` whose text is ``text``, and which fields count there.

    A header value counts neither way where nobody can say whether the window shows it: it was typed and stands nowhere, or its place is
    elsewhere and the same text stands in the window too. A line item is there with the cells that are, and numbered anew; one of which no
    cell is on the page at all is in no window.
    """
    printed: dict[str, str] = {}
    unsure = set()
    items: dict[int, dict[str, PrintedValue]] = {}
    for path, value in values.items():
        cell = split_item_path(path)
        if cell is not None:
            items.setdefault(cell[0], {})[cell[1]] = value
        elif _stands(value, rows):
            printed[path] = value.text
        elif not value.tokens or value.text in text:
            unsure.add(path)
    for number, cells in enumerate(_items(items, rows)):
        printed |= {item_path(number, name): text for name, text in cells.items()}
    return printed, frozenset(_ALL if label_fields is None else label_fields) - unsure


def _items(items: Mapping[int, Mapping[str, PrintedValue]], rows: Collection[int]) -> Iterator[dict[str, str]]:
    for _, cells in sorted(items.items()):
        if any(_stands(value, rows) for value in cells.values()):
            yield {name: value.text for name, value in cells.items() if not value.tokens or _stands(value, rows)}


def _stands(value: PrintedValue, rows: Collection[int]) -> bool:
    return bool(value.tokens) and all(token.row in rows for token in value.tokens)
