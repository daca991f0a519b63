"""Options as branches of an answer: what they spell, and how likely a model holds them."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch

from mlcore.answers import FORMS, AnswerForm
from mlcore.base_model.loading import LoadedBase
from mlcore.inference.branching import branch_log_probabilities
from mlcore.inference.tokens import LoadedTokens
from mlcore.rescoring.branches import Branch, Tree, tree_of
from mlcore.rescoring.open_fields import OpenFields

_FORMS = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))


def spelled(tree: Tree, branch: Branch, tokens: LoadedTokens) -> str:
    return tokens.decode([*tree.trunk[: branch.start], *branch.tokens])


@_FORMS
def test_a_branch_spells_the_answer_with_its_option_up_to_the_next_value(base: LoadedBase, form: AnswerForm, opened: OpenFields) -> None:
    tokens = LoadedTokens(base.tokenizer)
    tree = tree_of(opened, form, tokens)
    branches = iter(tree.branches)
    for field in opened.fields:
        own = [next(branches) for _ in field.options]
        assert len({branch.start for branch in own}) == 1, "options compare from where they part"
        assert len({branch.tokens[0] for branch in own}) > 1, "and not before"
        for option, branch in zip(field.options, own, strict=True):
            printed = {path: text for path, text in opened.printed.items() if path != field.name}
            whole = "".join(part.text for part in form.spell({**printed, field.name: option.text} if option.text else printed))
            said = spelled(tree, branch, tokens)
            assert whole.startswith(said)
            assert form.escaped(option.text) in said
    assert next(branches, None) is None


@_FORMS
def test_the_last_value_ends_with_the_end_of_the_answer(base: LoadedBase, form: AnswerForm, opened: OpenFields) -> None:
    header = {path: text for path, text in opened.printed.items() if not path.startswith("line_items")}
    tokens = LoadedTokens(base.tokenizer)
    total = next(field for field in opened.fields if field.name == "total")
    absent = replace(total.options[0], text="", candidate=None, chosen=False)
    tree = tree_of(OpenFields(header, (replace(total, options=(*total.options, absent)),)), form, tokens)
    assert {branch.tokens[-1] for branch in tree.branches} == {tokens.end}


@_FORMS
def test_branches_side_by_side_are_as_likely_as_each_alone(base: LoadedBase, form: AnswerForm, opened: OpenFields) -> None:
    tokens = LoadedTokens(base.tokenizer)
    tree, prompt = tree_of(opened, form, tokens), tokens.encode("Apex Infusion Services, 14 Harbor Road")
    together = branch_log_probabilities(base.model.eval(), prompt, tree)
    assert len(together) == len(tree.branches) >= 9
    for branch, found in zip(tree.branches, together, strict=True):
        before = [*prompt, *tree.trunk[: branch.start]]
        with torch.inference_mode():
            logits = base.model(torch.tensor([[*before, *branch.tokens]])).logits[0].float()
        said = torch.log_softmax(logits[len(before) - 1 : -1], -1)
        alone = sum(float(row[token]) for row, token in zip(said, branch.tokens, strict=True))
        assert found == pytest.approx(alone, abs=1e-3)
        assert found < 0
    assert branch_log_probabilities(base.model, prompt, tree) == together
    assert len(set(together)) == len(together)


def test_half_precision_holds_branches_about_as_likely(base: LoadedBase, opened: OpenFields) -> None:
    """What a mask hides in float32 is hidden in 16 bits too, where its number is no finite one."""
    tokens = LoadedTokens(base.tokenizer)
    tree, prompt = tree_of(opened, FORMS["keyed-1"], tokens), tokens.encode("Apex Infusion Services, 14 Harbor Road")
    exact = branch_log_probabilities(base.model.eval(), prompt, tree)
    half = branch_log_probabilities(copy.deepcopy(base.model).bfloat16().eval(), prompt, tree)
    assert half == pytest.approx(exact, rel=0.05)


def test_the_trunk_goes_as_far_as_a_branch_needs_it(base: LoadedBase, opened: OpenFields) -> None:
    tokens = LoadedTokens(base.tokenizer)
    date = OpenFields(opened.printed, tuple(field for field in opened.fields if field.name == "date"))
    tree = tree_of(date, FORMS["keyed-1"], tokens)
    assert len(tree.trunk) == max(branch.start for branch in tree.branches)
    assert tree.longest == max(branch.start + len(branch.tokens) for branch in tree.branches)
    assert "72.50" not in tokens.decode(list(tree.trunk))
    assert tree_of(OpenFields({}, ()), FORMS["keyed-1"], tokens) == Tree((), ())


def test_an_empty_trunk_is_no_fault(base: LoadedBase) -> None:
    tree = Tree((), (Branch(0, (5, 6)), Branch(0, (7,))))
    assert all(number < 0 for number in branch_log_probabilities(base.model.eval(), [3, 4], tree))
