"""General readers: what needs no template. They answer scored candidates, never a decision."""
