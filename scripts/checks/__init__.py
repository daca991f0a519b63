"""Everything that is checked before a change is accepted; ``scripts/test`` runs all of it, ``scripts/check`` the quick part."""
