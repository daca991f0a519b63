"""What serves, since when, by whose word; and changing it: promote, canary, roll back."""
