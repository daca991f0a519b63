"""Entry point of the queue: the job ledger, the Celery application and the wiring of the pipeline."""
