"""Review: which fields of which documents are doubted, what was verified in batches, and how long it takes."""
