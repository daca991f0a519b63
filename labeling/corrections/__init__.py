"""Fix once, preview everywhere: what was corrected on one document is offered for the open documents that have the same fault.

``rules`` decide without the database, ``offers`` find the documents, ``applying`` carries a correction over and takes it back.
"""
