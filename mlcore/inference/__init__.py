"""Extractors: from the text of a document to a record with places and confidences."""
