"""The model experiments of docs/results.md, each a list of training runs that are evaluated on the same held-out vendors."""
