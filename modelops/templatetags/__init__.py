"""Template tags of the model's life."""
