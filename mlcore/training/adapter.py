"""An adapter on a base model: attached, its weights read and written as safetensors. Imports torch and peft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig as PeftConfig
from peft import get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from mlcore.base_model.loading import LoadedBase
from mlcore.errors import ArtifactError
from mlcore.training.config import ALL_LINEAR, LoraConfig


def attach_adapter(base: LoadedBase, lora: LoraConfig, *, checkpointing: bool = False, seed: int = 0) -> Any:
    """The base with a new adapter, the base frozen. Adapter weights are float32 whatever the base is, so that a scaler has a gradient.

    The base itself is not upcast (``prepare_model_for_kbit_training`` would do that, at twice the memory).
    """
    torch.manual_seed(seed)
    targets: Any = ALL_LINEAR if lora.targets == (ALL_LINEAR,) else list(lora.targets)
    options: dict[str, Any] = {"r": lora.rank, "lora_alpha": lora.alpha, "lora_dropout": lora.dropout}
    config = PeftConfig(**options, target_modules=targets, bias="none", task_type="CAUSAL_LM")
    if checkpointing:
        base.model.enable_input_require_grads()  # without it no gradient reaches the first layers of a frozen model
        base.model.activation_checkpointing_enable()
    model = get_peft_model(base.model, config)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return model


def trainable(model: Any) -> list[torch.nn.Parameter]:
    """The adapter's parameters, in a fixed order."""
    return [parameter for _, parameter in sorted(model.named_parameters(), key=lambda entry: entry[0]) if parameter.requires_grad]


def write_weights(model: Any, path: Path) -> None:
    """The adapter's weights as safetensors."""
    state = get_peft_model_state_dict(model)
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}, path)


def read_weights(model: Any, path: Path) -> None:
    """Put weights into an attached adapter. Raises ``ArtifactError`` when the file is damaged or a name or a shape does not fit."""
    try:
        state = load_file(path)
        outcome: Any = set_peft_model_state_dict(model, state)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise ArtifactError(f"The adapter weights in {path.name} do not fit this model: {error}") from error
    expected = set(get_peft_model_state_dict(model))
    if set(state) != expected or outcome.unexpected_keys:
        raise ArtifactError(f"The adapter weights in {path.name} are of another shape; take the configuration they were made with.")
