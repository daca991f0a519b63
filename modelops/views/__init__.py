"""Screens of the model's life."""
