"""What the benchmark does in a process of its own, on the database of a station; each prints JSON on its last line.

python -m benchmarks.screens.commands fill N | targets | count
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django


def main(arguments: list[str]) -> None:
    """Run one of them."""
    django.setup()
    from benchmarks.screens.counting import costs
    from benchmarks.screens.filling import fill
    from benchmarks.screens.targets import targets

    answer: Any
    match arguments:
        case ["fill", count]:
            fill(int(count))
            answer = None
        case ["targets"]:
            answer = targets()
        case ["count"]:
            answer = {key: (cost.statements, cost.steps) for key, cost in costs(targets()).items()}
        case _:
            raise SystemExit(__doc__)
    sys.stdout.write(f"\n{json.dumps(answer)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
