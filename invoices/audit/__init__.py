"""The trail: who did what, when, from where, to which object. Append-only and hash-chained; docs/audit.md says how and why.

Services write with ``recording.record`` inside their own transaction, reads with ``recording.record_read``; the scheduler
seals what was written (``sealing``), and ``verifying`` says whether anything was changed, taken away or put in since.
"""
