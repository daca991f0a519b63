"""Who gets which task: pure rules in ``strategies``, the database beside them in ``claims`` and ``leaving``."""
