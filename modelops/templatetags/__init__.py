"""Template tags of the screens of the model's life."""
