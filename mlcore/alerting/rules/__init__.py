"""One rule a file: from values to a ``Finding``. None of them reads anything."""
