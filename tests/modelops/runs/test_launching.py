"""Commands of launchers."""

from __future__ import annotations

import signal

import pytest

from modelops.errors import RequestInvalid
from modelops.runs.launching import Accelerate, Here, Torchrun, launcher_named


def test_here_is_one_process_that_dies_with_its_worker() -> None:
    command = launcher_named("here").command(["train", "--out", "x"])
    assert command.line[1:] == ("-m", "mlcore", "train", "--out", "x")
    assert (command.processes, command.on_death) == (1, signal.SIGKILL)


def test_several_processes_are_asked_to_end() -> None:
    torchrun, accelerate = launcher_named("torchrun:4"), launcher_named("accelerate:2")
    assert (torchrun, accelerate) == (Torchrun(4), Accelerate(2))
    assert torchrun.command(["train"]).line[1:] == (
        *("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "4", "-m", "--", "mlcore", "train"),
    )
    command = accelerate.command(["train"])
    assert command.line[-5:] == ("--num_processes", "2", "--module", "mlcore", "train")
    assert (command.processes, command.on_death) == (2, signal.SIGTERM)


def test_launchers_leave_the_options_of_the_trainer_alone() -> None:
    """Both know abbreviations: ``--start`` was ambiguous to torchrun, which has ``--start-method``."""
    from accelerate.commands.launch import launch_command_parser
    from torch.distributed.run import get_args_parser

    told = ["train", "--start", "a", "--config", "b", "--out", "c", "--every", "1", "--device", "cpu"]
    for launcher, parser, begin in ((Torchrun(2), get_args_parser(), 3), (Accelerate(2), launch_command_parser(), 4)):
        heard = parser.parse_args(launcher.command(told).line[begin:])
        assert (heard.module, heard.training_script, heard.training_script_args) == (True, "mlcore", told)


@pytest.mark.parametrize("name", ["", "there", "torchrun", "torchrun:0", "torchrun:65", "torchrun:x", "here:2", "accelerate:²"])
def test_another_launcher_is_refused(name: str) -> None:
    with pytest.raises(RequestInvalid, match="known are here, torchrun:N and accelerate:N"):
        launcher_named(name)


def test_one_process_costs_as_one() -> None:
    assert Here().processes == 1
