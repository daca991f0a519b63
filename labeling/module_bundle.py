"""One file from the modules of a screen, so that a browser asks once and not fifty times.

The modules are plain ES modules of this product's own style and run as they are in development: named imports and exports
with relative addresses, nothing else. What does not fit raises ``ValueError`` and names the place; nothing is guessed.
Comments that fill their lines are left out, a sixth of the program; names and the shape of the code stay as they were
written.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";$', re.MULTILINE)
_EXPORTED = re.compile(r"^export (?=(?:async )?(?:function\*? |class |const )(\w+))", re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def bundle(entry: str, read: Callable[[str], str]) -> str:
    """The program that starts at ``entry`` as one module. ``read`` answers the source of a file by its static name."""
    order: list[str] = []
    _visit(entry, read, order, ())
    numbers = {name: index for index, name in enumerate(order)}
    return "\n".join(_scope(name, read(name), numbers) for name in order)


def _visit(name: str, read: Callable[[str], str], order: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"{name} imports itself by way of {', '.join(above[above.index(name) + 1 :])}; a bundle needs an order.")
    if name in order:
        return
    for match in _IMPORT.finditer(read(name)):
        _visit(_resolved(name, match[2]), read, order, (*above, name))
    order.append(name)


def _resolved(name: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))


def _scope(name: str, source: str, numbers: dict[str, int]) -> str:
    """The module as a function that runs at once and answers what it exports."""

    def imported(match: re.Match[str]) -> str:
        names = ", ".join(part.strip().replace(" as ", ": ") for part in match[1].split(",") if part.strip())
        return f"const {{ {names} }} = m{numbers[_resolved(name, match[2])]};"

    exports = [
        *_EXPORTED.findall(source),
        *(part.strip() for found in _EXPORT_LIST.findall(source) for part in found.split(",") if part.strip()),
    ]
    source = _without_comments(name, source)
    body = _EXPORT_LIST.sub("", _EXPORTED.sub("", _IMPORT.sub(imported, source))).strip()
    left_over = _LEFT_OVER.search(body)
    if left_over or any(" as " in export for export in exports):
        raise ValueError(f"{name}: {left_over[0] if left_over else exports!r} is not a named import or export as the bundle knows them.")
    return f"// {name}\nconst m{numbers[name]} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();"


def _without_comments(name: str, source: str) -> str:
    """The source without lines that are nothing but comment. Safe because no string goes over the end of a line."""
    kept: list[str] = []
    in_block = False
    for line in source.splitlines():
        start = line.lstrip()
        if in_block or start.startswith("/*"):
            in_block = not line.rstrip().endswith("*/")
            continue
        if start.startswith("//"):
            continue
        if line.replace("\\`", "").count("`") % 2:
            raise ValueError(f"{name}: {start!r} opens a template that goes on in the next line; write it on one line.")
        kept.append(line)
    return "\n".join(kept)
