"""Settling what two labels differ in: pure rules in ``assembly``, ``decisions`` and ``likeness``, one use case a file beside them."""
