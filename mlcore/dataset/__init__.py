"""Data sets: building, splitting, augmenting, and synthetic documents."""
