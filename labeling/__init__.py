"""Labeling: tasks, leases, drafts, annotations and gold records."""
