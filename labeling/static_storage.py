"""How static files are named and compressed: by content hash, also inside of JavaScript modules; one file for each program and sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # no stubs exist

from invoices.sheets import SHEETS
from labeling.module_bundle import bundle

PROGRAMS = ("countersign/base.js", "labeling/js/label.js", "labeling/js/adjudicate/adjudicate.js")


class HashedModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Hashed names in imports too, so that a browser may keep every file for ever; ``PROGRAMS`` and ``SHEETS`` become one file each."""

    support_js_module_import_aggregation = True
    bundles_programs = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """As the base does, after programs and sheets have been put together from the sources that were collected."""
        if not dry_run:
            paths = {**paths, **dict(self._made(paths))}
        yield from super().post_process(paths, dry_run, **options)

    def _made(self, paths: Mapping[str, Any]) -> Iterator[tuple[str, tuple[HashedModuleStorage, str]]]:
        def read(part: str) -> str:
            storage, path = paths[part]
            with storage.open(path) as file:
                return str(file.read().decode())

        made = {name: bundle(name, read) for name in PROGRAMS if name in paths}
        made |= {name: "\n".join(map(read, parts)) for name, parts in SHEETS.items() if parts[0] in paths}
        for name, content in made.items():
            self.delete(name)
            self.save(name, ContentFile(content.encode()))
            yield name, (self, name)
