"""Entry point of the queue: the job ledger, the Celery application and the wiring of the pipeline.

What happens when a process dies is in ``docs/adr/0003-the-database-is-the-queue-of-record.md``.
"""
