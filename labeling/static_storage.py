"""How static files are named and compressed: by content hash, also inside of JavaScript modules; one file for each program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # no stubs exist

from labeling.module_bundle import bundle

PROGRAMS = ("labeling/js/label.js",)


class HashedModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Hashed names in imports too, so that a browser may keep every file for ever; ``PROGRAMS`` become one file each."""

    support_js_module_import_aggregation = True
    bundles_programs = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """As the base does, after the programs have been put together from the sources that were collected."""
        if not dry_run:
            paths = {**paths, **{name: self._bundled(name, paths) for name in PROGRAMS if name in paths}}
        yield from super().post_process(paths, dry_run, **options)

    def _bundled(self, program: str, paths: dict[str, Any]) -> tuple[HashedModuleStorage, str]:
        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return str(file.read().decode())

        content = bundle(program, read)
        self.delete(program)
        self.save(program, ContentFile(content.encode()))
        return self, program
