"""Pausing a person's queue: a recommendation to seniors with its figures, which they follow or not."""
