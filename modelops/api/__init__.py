"""The HTTP API of the model's life."""
