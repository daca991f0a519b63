"""What screens and API read."""
