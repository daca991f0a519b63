"""Documents through a server process are read as by the model here; an answer without a grammar as far as it keeps the form."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from mlcore.answers import FORMS, AnswerForm
from mlcore.base_model.loading import load_base
from mlcore.dataset.synthetic import generate
from mlcore.documents import DocumentText
from mlcore.errors import ModelServerAway, ModelServerRefused
from mlcore.inference.document_reader import DocumentReader
from mlcore.inference.model_reader import ModelReader
from mlcore.inference.reading import DocumentReading
from mlcore.inference.remote.client import Client
from mlcore.inference.remote.engine import ServerEngine
from mlcore.inference.remote.probe import Abilities, abilities
from mlcore.inference.remote.server import ModelServer
from mlcore.inference.tokens import tokens_in
from mlcore.schema import spec_for
from tests.mlcore.conftest import typewritten
from tests.mlcore.inference.remote.conftest import NAME, Running, Start
from tests.mlcore.tiny import write_tiny_base

_FORMS = pytest.mark.parametrize(
    "form", [pytest.param(form, id=name, marks=() if name == "rows-1" else pytest.mark.thorough) for name, form in FORMS.items()]
)
_PAGE = """
Apex Infusion Services            Invoice INV-7
Saline bag             1     20.00      20.00
                          Amount due    60.00
"""
_MOST = 700


def _client(url: str, in_flight: int = 4, key: str = "") -> Client:
    return Client(ModelServer(url, timeout=60.0, in_flight=in_flight), key=key, wait=lambda _: None)


def _reader(url: str, base: Path, form: AnswerForm, in_flight: int = 4, most: int = _MOST) -> tuple[DocumentReader, Abilities]:
    tokens, client = tokens_in(base), _client(url, in_flight)
    found = abilities(client, NAME, form, tokens)
    return DocumentReader(ServerEngine(client, NAME, form, tokens, found, in_flight=in_flight), tokens, form, max_tokens=most), found


def documents() -> list[DocumentText]:
    texts = (_PAGE, "Total 5.00", "", "\u20ac \u00a7 --")
    return [typewritten(text) for text in texts]


def same(found: DocumentReading, expected: DocumentReading) -> None:
    """Values, places and certainties; the local reader weighs a forced token as well where a guess foretold it."""
    assert found.record == expected.record
    assert (found.windows, found.cut) == (expected.windows, expected.cut)
    assert 0 <= found.tokens - expected.tokens <= expected.windows, "where nothing else is possible the end sign is said by a server only"
    assert [(one.path, one.text, one.evidence, one.places, one.exact) for one in found.values] == [
        (one.path, one.text, one.evidence, one.places, one.exact) for one in expected.values
    ]
    weighed = 0
    for one, other in zip(found.values, expected.values, strict=True):
        for numbers, of in ((one.log_probabilities, other.log_probabilities), (one.margins, other.margins)):
            remaining = iter(of)
            assert all(any(math.isclose(number, theirs, abs_tol=1e-3) for theirs in remaining) for number in numbers), one.path
        weighed += len(one.log_probabilities)
    assert weighed or not expected.values


@_FORMS
def test_under_a_grammar_the_same_is_read(vllm_like: Running, tiny_base: Path, tiny_adapter: Path, form: AnswerForm) -> None:
    reader, found = _reader(vllm_like.url, tiny_base, form)
    assert found == Abilities(extras=True, grammar=True)
    local = ModelReader(load_base(tiny_base, "fp32", "cpu"), tiny_adapter, form, max_tokens=_MOST, by_rows=False)
    for one, other in zip(reader.read(documents()), local.read(documents()), strict=True):
        same(one, other)


@pytest.mark.thorough
def test_a_long_document_is_read_in_the_same_windows(vllm_like: Running, tiny_base: Path, tiny_adapter: Path) -> None:
    document = min((one.text for one in generate(6, 5)), key=lambda text: len(text.text))
    reader, _ = _reader(vllm_like.url, tiny_base, FORMS["keyed-1"], most=600)
    (found,) = reader.read([document])
    assert found.windows > 1
    same(
        found,
        ModelReader(load_base(tiny_base, "fp32", "cpu"), tiny_adapter, FORMS["keyed-1"], max_tokens=600, by_rows=False).read([document])[0],
    )


@pytest.mark.thorough
def test_many_at_a_time_are_read_as_one_by_one_and_in_order(vllm_like: Running, tiny_base: Path) -> None:
    several = [typewritten(f"Apex {place}  Total {place}.00" + "\nGauze" * (place % 3)) for place in range(9)]
    one_by_one, _ = _reader(vllm_like.url, tiny_base, FORMS["rows-1"], in_flight=1, most=260)
    together, _ = _reader(vllm_like.url, tiny_base, FORMS["rows-1"], in_flight=9, most=260)
    expected = [one_by_one.read([document])[0] for document in several]
    assert len({repr(one) for one in expected}) == len(several)
    assert together.read(several) == expected
    assert together.read(several[::-1]) == expected[::-1]


@pytest.mark.thorough
@_FORMS
def test_without_grammars_an_answer_is_read_as_far_as_it_keeps_the_form(
    without_grammars: Running, tiny_base: Path, form: AnswerForm
) -> None:
    reader, found = _reader(without_grammars.url, tiny_base, form)
    assert found == Abilities(extras=False, grammar=False)
    readings = reader.read(documents())
    assert [one.windows for one in readings] == [1, 1, 0, 1]
    assert readings == reader.read(documents())
    for reading in readings:
        for one in reading.values:
            assert spec_for(one.path)
            assert (one.places > 0) == bool(one.evidence)
            assert one.text not in _PAGE or not one.text or one.log_probabilities


def test_another_base_and_an_unknown_name_are_refused_before_a_document_is_sent(vllm_like: Running, tiny_base: Path) -> None:
    client, tokens = _client(vllm_like.url), tokens_in(tiny_base)
    with pytest.raises(ModelServerRefused, match=r"serves no 'nobody'; it serves tiny-adapter\."):
        abilities(client, "nobody", FORMS["rows-1"], tokens)

    class Longer(type(tokens)):  # type: ignore[misc]  # a base with other tokens
        def encode(self, text: str) -> list[int]:
            return [*super().encode(text), 1, 1]

    with pytest.raises(ModelServerRefused, match="another base model"):
        abilities(client, NAME, FORMS["rows-1"], Longer(tokens.tokenizer, tokens.end))


@pytest.mark.thorough
def test_a_key_is_sent_and_asked_for(start: Start, tiny_base: Path) -> None:
    server = start("--key", "open-sesame")
    with pytest.raises(ModelServerRefused, match="Set the server's key in COUNTERSIGN_MODEL_SERVER_KEY") as refused:
        abilities(_client(server.url), NAME, FORMS["rows-1"], tokens_in(tiny_base))
    assert refused.value.status == 401
    assert abilities(_client(server.url, key="open-sesame"), NAME, FORMS["rows-1"], tokens_in(tiny_base)).grammar


def test_a_context_that_is_too_short_is_told_with_the_servers_limit(vllm_like: Running, tiny_base: Path) -> None:
    reader, _ = _reader(vllm_like.url, tiny_base, FORMS["rows-1"], most=5000)
    with pytest.raises(ModelServerRefused, match="maximum context length is 4096 tokens") as refused:
        reader.read([typewritten(_PAGE)])
    assert not refused.value.retryable


@pytest.mark.thorough
def test_a_server_that_dies_between_answers_loses_nothing(start: Start, tiny_base: Path) -> None:
    several = [typewritten(f"Apex {place}  Total {place}.00") for place in range(6)]
    server = start("--die-after", "10")
    reader, _ = _reader(server.url, tiny_base, FORMS["rows-1"], in_flight=2, most=260)
    with pytest.raises(ModelServerAway) as away:
        reader.read(several)
    assert away.value.retryable
    assert server.process.wait() == 9
    start("--port", str(server.port))
    found = reader.read(several)
    assert found == [reader.read([document])[0] for document in several]


def test_a_directory_with_another_tokenizer_only_is_enough(tmp_path: Path, vllm_like: Running, tiny_base: Path) -> None:
    whole = write_tiny_base(tmp_path / "whole")
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("tokenizer.json", "config.json"):
        (bare / name).write_bytes((whole / name).read_bytes())
    assert tokens_in(bare).end == tokens_in(tiny_base).end == 0
    reader, _ = _reader(vllm_like.url, bare, FORMS["rows-1"], most=260)
    assert reader.read([typewritten("Apex")])[0].windows == 1
