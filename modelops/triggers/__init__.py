"""Triggers: what asks for the next training run, and what became of it."""
