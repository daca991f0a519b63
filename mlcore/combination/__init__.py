"""Template and model together: for each field the likelier of the two."""
