"""How static files are named and compressed: by content hash, also inside of JavaScript modules; one file for each program and sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # no stubs exist

from labeling.module_bundle import bundle
from labeling.sheet_bundle import inline_imports

PROGRAMS = ("countersign/base.js", "labeling/js/label.js")
SHEETS = ("countersign/countersign.css", "labeling/css/label.css")


class HashedModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Hashed names in imports too, so that a browser may keep every file for ever; ``PROGRAMS`` and ``SHEETS`` become one file each."""

    support_js_module_import_aggregation = True
    bundles_programs = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """As the base does, after programs and sheets have been put together from the sources that were collected."""
        if not dry_run:
            made = [*((name, bundle) for name in PROGRAMS), *((name, inline_imports) for name in SHEETS)]
            paths = {**paths, **{name: self._made(name, make, paths) for name, make in made if name in paths}}
        yield from super().post_process(paths, dry_run, **options)

    def _made(
        self, name: str, make: Callable[[str, Callable[[str], str]], str], paths: dict[str, Any]
    ) -> tuple[HashedModuleStorage, str]:
        def read(part: str) -> str:
            storage, path = paths[part]
            with storage.open(path) as file:
                return str(file.read().decode())

        content = make(name, read)
        self.delete(name)
        self.save(name, ContentFile(content.encode()))
        return self, name
