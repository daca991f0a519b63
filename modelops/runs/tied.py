"""``python -m modelops.runs.tied PARENT SIGNAL COMMAND ...``: become COMMAND, which gets SIGNAL from the kernel when PARENT dies (Linux).

The tie is made here and not between fork and exec of the parent, which has threads. It is kept over exec. A parent that died before it
was made is noticed, and nothing is started.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Never returns when all is well. Exit status 1 when the parent is gone."""
    parent, number, command = int(arguments[0]), int(arguments[1]), arguments[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - the command of a launcher, without a shell


if __name__ == "__main__":
    main(sys.argv[1:])
