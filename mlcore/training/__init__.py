"""Fine-tuning: from confirmed examples to an adapter. ``config`` says how, ``recipe`` does it, ``presets`` are what ships."""
