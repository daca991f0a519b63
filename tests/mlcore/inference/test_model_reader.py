"""Readings of a tiny model: typed, placed, with certainties; the same in any company; never an error."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.answers import FORMS, AnswerForm
from mlcore.answers.printed import habits, record_of
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.dataset.synthetic import generate
from mlcore.documents import Box, DocumentText, GoldExample, Page, Word
from mlcore.inference.model_reader import SHIPPED, ModelReader
from mlcore.inference.reading import DocumentReading
from mlcore.rescoring.open_fields import open_fields
from mlcore.retrieval.examples import confirmed_of
from mlcore.schema import InvoiceRecord
from mlcore.templates.extractor import TemplateExtractor
from mlcore.training.examples import training_example
from tests.mlcore.conftest import Typewriter
from tests.mlcore.tiny import write_adapter, write_tiny_base

_FORMS = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
_PAGE = """
Apex Infusion Services            Invoice INV-7
Saline bag             1     20.00      20.00
                          Amount due    60.00
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def base(folder: Path) -> LoadedBase:
    return load_base(folder, "fp32", "cpu")


@pytest.fixture(scope="module")
def reader(base: LoadedBase) -> ModelReader:
    return ModelReader(base, None, FORMS["rows-1"], max_tokens=450)


@_FORMS
def test_values_are_typed_placed_and_sure_by_their_own_tokens(base: LoadedBase, form: AnswerForm, typewritten: Typewriter) -> None:
    document = typewritten(_PAGE)
    (reading,) = ModelReader(base, None, form, max_tokens=700).read([document])
    order, style = habits(document)
    assert reading.windows == 1
    assert reading.passes > 1
    assert reading.tokens > 20
    assert reading.record == record_of({one.path: one.text for one in reading.values if one.text}, order=order, style=style)
    assert {one.text for one in reading.values} > {""}
    for one in reading.values:
        assert len(one.log_probabilities) == len(one.margins)
        assert (one.places > 0) == bool(one.evidence)
        assert not one.exact or one.evidence
        if one.text == "":
            assert one.value is None
            assert not one.evidence
    assert any(one.exact and one.log_probabilities for one in reading.values)


@pytest.mark.thorough
def test_a_batch_reads_as_its_documents_one_by_one(reader: ModelReader, typewritten: Typewriter) -> None:
    texts = (_PAGE, "Total 5.00", "", _PAGE + "\nGauze 1 5.00 5.00", "\u20ac \u00a7 --", "Apex")
    documents = [typewritten(text) for text in texts]
    together = reader.read(documents)
    assert together == [reader.read([document])[0] for document in documents]
    assert reader.read(documents[::-1]) == together[::-1]


@pytest.mark.thorough
def test_a_long_document_is_read_in_windows_and_every_item_stands_somewhere(reader: ModelReader) -> None:
    document = min((one.text for one in generate(12, 5) if len(one.text.text) > 1_000), key=lambda text: len(text.text))
    (reading,) = reader.read([document])
    assert reading.windows > 2
    rows = [one.path for one in reading.values if one.path.endswith("description")]
    assert rows == [f"line_items[{place}].description" for place in range(len(reading.record.line_items))]
    spoken = [one for one in reading.values if one.text and not one.path.endswith(".type")]
    assert spoken
    assert all(one.places > 0 for one in spoken if one.exact)


def _example(typewritten: Typewriter, text: str, total: str) -> GoldExample:
    return GoldExample(typewritten(text), InvoiceRecord(total=Decimal(total)), "apex")


def test_a_document_is_asked_with_its_example_as_it_was_trained(
    base: LoadedBase, typewritten: Typewriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    gold, known = _example(typewritten, _PAGE, "60.00"), confirmed_of(_example(typewritten, "Apex\nAmount due  7.50", "7.50"))
    assert known is not None
    asked: list[str] = []
    kind = type(base.tokenizer)
    real = kind.__call__

    def spy(self: object, text: str, **options: object) -> object:
        asked.append(text)
        return real(self, text, **options)

    monkeypatch.setattr(kind, "__call__", spy)
    training_example("x", gold, FORMS["rows-1"], base.tokenizer, shown=[known.example])
    (trained,) = [text for text in asked if known.example.text in text]
    reader = ModelReader(base, None, FORMS["rows-1"], max_tokens=900)
    asked.clear()
    (reading,) = reader.read([gold.document], [[known.example]])
    assert {text for text in asked if known.example.text in text} == {trained}
    assert reading != reader.read([gold.document])[0]
    assert reader.read([gold.document], [()]) == reader.read([gold.document])


@pytest.mark.thorough
def test_an_example_that_leaves_no_room_is_not_shown(base: LoadedBase, typewritten: Typewriter) -> None:
    small, large = (confirmed_of(_example(typewritten, text, "7.50")) for text in ("Due  7.50", "\n".join([_PAGE] * 9) + "Due  7.50"))
    assert small is not None
    assert large is not None
    reader = ModelReader(base, None, FORMS["rows-1"], max_tokens=900)
    document, long = typewritten(_PAGE), typewritten(_PAGE * 6)
    plain, windows = reader.read([document, long])
    assert windows.windows > 1
    assert reader.read([document], [[large.example]]) == [plain]
    assert reader.read([document], [[small.example, large.example]]) == reader.read([document], [[small.example]]) != [plain]
    assert reader.read([long], [[large.example]]) == [windows]
    (shown,) = reader.read([long], [[small.example]])
    assert shown.windows == windows.windows
    both = reader.read([long, document], [[], [small.example]])
    assert both == [windows, *reader.read([document], [[small.example]])]


def test_adapters_are_swapped_without_loading_the_base_again(folder: Path, tmp_path: Path, typewritten: Typewriter) -> None:
    adapters = [write_adapter(load_base(folder, "fp32", "cpu"), tmp_path / str(seed), seed=seed) for seed in (1, 2)]
    base = load_base(folder, "fp32", "cpu")
    bare = ModelReader(base, None, FORMS["rows-1"], max_tokens=400).read([typewritten(_PAGE)])
    reader = ModelReader(base, adapters[0], FORMS["rows-1"], max_tokens=400)
    first = reader.read([typewritten(_PAGE)])
    reader.adapters.load("other", adapters[1])
    reader.adapters.use("other")
    other = reader.read([typewritten(_PAGE)])
    reader.adapters.use(SHIPPED)
    assert reader.read([typewritten(_PAGE)]) == first
    assert bare != first != other
    reader.adapters.unload(SHIPPED)
    assert reader.read([typewritten(_PAGE)]) == bare


def test_a_document_without_words_is_an_empty_reading(reader: ModelReader) -> None:
    empty = DocumentReading(InvoiceRecord(), (), windows=0)
    blank = DocumentText((Page(1, 612, 792, (Word("  ", Box(0.1, 0.1, 0.2, 0.2), 0),)),))
    assert reader.read([DocumentText(()), DocumentText((Page(1, 612, 792, ()),)), blank]) == [empty] * 3
    assert reader.read([]) == []


_WORDS = st.text(st.characters() | st.sampled_from('0123456789.,-$"\\\u0000\ud800\t\n\f\u2028'), min_size=1, max_size=12)
_ODD = st.lists(_WORDS | st.sampled_from(["<end>", "x" * 300, "9" * 60, "/", "%regex", "1,2,3"]), max_size=25)


@pytest.mark.thorough
@settings(max_examples=20, deadline=None)
@given(words=_ODD, height=st.sampled_from([0.0, 0.01, 0.3]), data=st.data())
def test_odd_content_is_read_without_an_error(base: LoadedBase, words: list[str], height: float, data: st.DataObject) -> None:
    reader = _small(base)
    placed = []
    for place, text in enumerate(words):
        x, y = data.draw(st.floats(0, 0.9)), data.draw(st.floats(0, 0.69))
        placed.append(Word(text, Box(x, y, x + 0.1, y + height), place))
    document = DocumentText((Page(1, 612, 792, tuple(placed)),))
    (reading,) = reader.read([document])
    assert isinstance(reading.record, InvoiceRecord)
    opened = open_fields(TemplateExtractor().look(document))
    for field in reader.weigh([document], [opened])[0]:
        assert all(number <= 0 for _, number in field.options)


_READERS: dict[int, ModelReader] = {}


def _small(base: LoadedBase) -> ModelReader:
    return _READERS.setdefault(id(base), ModelReader(base, None, FORMS["rows-1"], max_tokens=260))
