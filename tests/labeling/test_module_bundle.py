"""Putting modules together: order, scopes, and refusal of what is not understood."""

from __future__ import annotations

import pytest

from labeling.module_bundle import bundle


def bundled(**sources: str) -> str:
    files = {f"js/{name}.js": source for name, source in sources.items()}
    return bundle("js/main.js", files.__getitem__)


def test_a_module_stands_before_those_that_import_it_and_once() -> None:
    program = bundled(
        main='import { b } from "./b.js";\nimport { a as first } from "./a.js";\nb(first);',
        a='import { b } from "./b.js";\nexport const a = b();',
        b="export function b() {}",
    )
    assert [line for line in program.splitlines() if line.startswith("// ")] == ["// js/b.js", "// js/a.js", "// js/main.js"]
    assert "const { a: first } = m1;" in program
    assert "export" not in program
    assert "import" not in program


def test_every_kind_of_export_is_answered() -> None:
    program = bundled(
        main='import { A } from "./all.js";\nnew A();',
        all="export class A {}\nexport async function b() {}\nexport function* c() {}\nexport const d = 1;\nconst e = 2;\nexport { e };",
    )
    assert "return { A, b, c, d, e };" in program


@pytest.mark.parametrize("source", ['import x from "./a.js";', "export default 1;", 'import "./a.js";', "export let a = 1;"])
def test_what_is_not_understood_is_named(source: str) -> None:
    with pytest.raises(ValueError, match=r"js/main\.js"):
        bundled(main=source, a="")


def test_a_circle_is_named() -> None:
    with pytest.raises(ValueError, match="imports itself"):
        bundled(main='import { a } from "./a.js";', a='import { m } from "./main.js";\nexport const a = m;')


def test_lines_of_comment_are_left_out_and_nothing_else() -> None:
    code = "const a = 1; // stays\n  const url = `https://x/${a}`;\n  a /* stays */ + 2;"
    program = bundled(main=f"// gone\n/** gone\n * gone */\n/* gone */\n{code}\n  // gone")
    assert "gone" not in program
    assert code in program


def test_a_template_over_two_lines_is_named() -> None:
    with pytest.raises(ValueError, match=r"js/main\.js: .*template"):
        bundled(main="const a = `one\n// two`;")
