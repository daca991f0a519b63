"""Where a file that is being sent waits: in memory while it is small, else in a file without a name.

Django's own temporary files have names; those of a web process that is killed would stay, with a patient's invoice in
them. A file without a name is gone with its process, whatever ended it.
"""

from __future__ import annotations

import tempfile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from invoices.blobs import write_all


class UnnamedFileUploadHandler(FileUploadHandler):
    """Takes the files that the handler for memory has left alone."""

    _into: BinaryIO

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A new file begins."""
        super().new_file(*args, **kwargs)
        self._into = cast(BinaryIO, tempfile.TemporaryFile(buffering=0, dir=settings.FILE_UPLOAD_TEMP_DIR))  # noqa: SIM115 - lives as long as the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The next piece of it. Raises ``OSError`` when there is no room."""
        try:
            write_all(self._into, raw_data)
        except OSError:
            self._into.close()  # what was written takes up the room that is missing
            raise

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The whole file, at its beginning; it is closed with the request."""
        self._into.seek(0)
        return UploadedFile(self._into, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra)

    def upload_interrupted(self) -> None:
        """The sender went away."""
        if hasattr(self, "_into"):
            self._into.close()
