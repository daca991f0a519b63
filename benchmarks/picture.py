"""A picture of a report as an SVG file that stands alone, light and dark, of the parts of the evaluation report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlcore.evaluation.report.axes import drawing

Colours = Mapping[str, tuple[str, str]]
"""By the name of a custom property: on light, on dark."""

_GROUND: Colours = {
    "surface": ("#fff", "#1a1d23"),
    "line": ("#d8dce3", "#333944"),
    "text": ("#15181e", "#e9ebef"),
    "muted": ("#4e5664", "#a9b1bd"),
}
_RULES = """
.ground{fill:var(--surface)}text{fill:var(--text);font-variant-numeric:tabular-nums}.tick{fill:var(--muted)}.grid{stroke:var(--line)}
"""


def picture(width: float, height: float, told: str, colours: Colours, rules: str, parts: Sequence[str]) -> str:
    """The file. ``told`` is what a screen reader says, ``rules`` the CSS of the parts with ``var(--name)`` of the ``colours``."""
    light, dark = (";".join(f"--{name}:{pair[number]}" for name, pair in {**_GROUND, **colours}.items()) for number in (0, 1))
    style = (
        f"\n:root{{color-scheme:light dark}}\nsvg{{{light};font:12px system-ui,sans-serif}}\n"
        f"@media(prefers-color-scheme:dark){{svg{{{dark}}}}}{_RULES}{rules.lstrip()}"
    )
    ground = f'<style>{style}</style><rect class="ground" width="{width:.0f}" height="{height:.0f}"/>'
    return drawing(width, height, told, ground, *parts).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"
