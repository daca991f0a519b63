"""Agreement of independent labels: pairs, causes, statistics, people, suspect gold. ``docs/agreement.md`` has the definitions."""
