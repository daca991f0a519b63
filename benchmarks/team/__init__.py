"""A simulated team on the running product: people whose mistakes are known work through the HTTP API, and what the product then says of
agreement, accuracy, anchoring and the errors of its gold is held against what is known. ``docs/team.md`` is written by it."""
