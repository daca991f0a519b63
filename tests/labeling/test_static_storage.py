"""The modules of the screens under the storage of an installation: hashed names, inside of imports too."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.files.storage import FileSystemStorage

from labeling.static_storage import HashedModuleStorage

ROOTS = [Path(__file__).parents[2] / "labeling" / "static", Path(__file__).parents[2] / "invoices" / "static"]
IMPORTED = re.compile(r'from "(\.[^"]+)"')
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


def test_every_import_of_a_hashed_module_names_a_hashed_module_that_exists(tmp_path: Path) -> None:
    storage = HashedModuleStorage(location=tmp_path, base_url="/static/")
    storage.max_post_process_passes = 8
    paths = {}
    for root in ROOTS:
        source = FileSystemStorage(location=root)
        for file in root.rglob("*"):
            if file.suffix in (".js", ".css", ".svg"):
                name = file.relative_to(root).as_posix()
                paths[name] = (source, name)
                target = tmp_path / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
    problems = [result for _, _, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert problems == []
    hashed = [file for file in tmp_path.rglob("*.js") if HASHED.search(file.name)]
    assert any(file.name.startswith("label.") for file in hashed)
    imports = [(file, target) for file in hashed for target in IMPORTED.findall(file.read_text())]
    assert len(imports) > 50
    for name in ("label", "base"):
        program = next(file for file in hashed if re.fullmatch(rf"{name}\.[0-9a-f]{{12}}\.js", file.name))
        assert IMPORTED.findall(program.read_text()) == []
        assert program.with_name(f"{program.name}.br").exists()
    for name, rule in (("label_screen", ".grid__cell"), ("countersign", ".nav")):
        sheet = next(file for file in tmp_path.rglob("*.css") if re.fullmatch(rf"{name}\.[0-9a-f]{{12}}\.css", file.name))
        assert rule in sheet.read_text()
    assert [str(target) for file, target in imports if not HASHED.search(target) or not (file.parent / target).exists()] == []
