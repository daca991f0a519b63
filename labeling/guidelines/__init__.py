"""Guidelines: what holds for a field, in Markdown, version by version; who has seen what changed."""
