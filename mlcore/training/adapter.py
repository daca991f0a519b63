"""What learns in a base model, an adapter or every weight: made ready, read and written as safetensors. Imports torch and peft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig as PeftConfig
from peft import get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from peft.tuners.tuners_utils import BaseTunerLayer
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from mlcore.base_model.loading import LoadedBase, compute_type
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
    if compute_type(base.precision, base.device) is not torch.float32:
        for module in model.modules():
            if isinstance(module, BaseTunerLayer):
                module.cast_input_dtype_enabled = False  # type: ignore[assignment]  # autocast casts peft's copy back
    return model


def unfreeze(base: LoadedBase, *, checkpointing: bool = False, seed: int = 0) -> Any:
    """The base itself with every weight learning, in float32 whatever it was loaded as: a small step is lost in half precision."""
    torch.manual_seed(seed)
    model = base.model.float()
    if checkpointing:
        model.activation_checkpointing_enable()
    for parameter in model.parameters():
        parameter.requires_grad_(True)
    return model


def learner(base: LoadedBase, lora: LoraConfig | None, *, checkpointing: bool = False, seed: int = 0) -> Any:
    """A model to train: the base with a new adapter, or the base with all of its weights where ``lora`` is ``None``."""
    if lora is None:
        return unfreeze(base, checkpointing=checkpointing, seed=seed)
    return attach_adapter(base, lora, checkpointing=checkpointing, seed=seed)


def adapter_config(model: Any) -> dict[str, Any] | None:
    """The adapter's configuration as peft writes it, its target modules spelled out; ``None`` for a full fine-tuning."""
    if not hasattr(model, "peft_config"):
        return None
    data: dict[str, Any] = dict(model.peft_config["default"].to_dict())
    data["inference_mode"], data["base_model_name_or_path"] = True, None
    return {name: sorted(value) if isinstance(value, set) else value for name, value in data.items()}


def trainable(model: Any) -> list[torch.nn.Parameter]:
    """The parameters that learn, in a fixed order."""
    return [parameter for _, parameter in sorted(model.named_parameters(), key=lambda entry: entry[0]) if parameter.requires_grad]


def write_weights(model: Any, path: Path) -> None:
    """The weights that learn as safetensors, under the names that peft and transformers load them by."""
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in _learned(model).items()}, path, metadata={"format": "pt"})


def read_weights(model: Any, path: Path) -> None:
    """Put weights into a model to train. Raises ``ArtifactError`` when the file is damaged or a name or a shape does not fit."""
    try:
        state = load_file(path)
    except (OSError, ValueError, SafetensorError) as error:
        raise ArtifactError(f"The weights in {path.name} cannot be read: {error}") from error
    expected = _learned(model)
    strange = sorted(set(state) ^ set(expected)) or [name for name in state if state[name].shape != expected[name].shape]
    if strange:
        raise ArtifactError(
            f"The weights in {path.name} are of another shape ({len(strange)} do not fit, {strange[0]} first); "
            "take the configuration they were made with."
        )
    if hasattr(model, "peft_config"):
        set_peft_model_state_dict(model, state)
        return
    with torch.no_grad():
        for name, parameter in expected.items():
            parameter.copy_(state[name])


def _learned(model: Any) -> dict[str, torch.Tensor]:
    return dict(get_peft_model_state_dict(model)) if hasattr(model, "peft_config") else dict(model.named_parameters())
