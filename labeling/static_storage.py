"""How static files are named and compressed: by content hash, also inside of JavaScript modules."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # no stubs exist


class HashedModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Rewrites the imports of modules to hashed names too, so that a browser may keep every file for ever.

    Without it a module would be fetched twice, preloaded by its hashed name and imported by its plain one.
    """

    support_js_module_import_aggregation = True
