"""The model's life: data set versions, training runs, registry, gate, deployment, monitoring."""
