"""What is recorded, by stable code. A code is never given another meaning; what is no longer done keeps its code for old entries."""

from __future__ import annotations

from django.db import models


class Action(models.TextChoices):
    """What a person did. The part before the dot groups them on the screen."""

    PAGE_READ = "page.read", "Looked at a page"
    DOCUMENT_OPENED = "document.opened", "Opened a document"
    DOCUMENT_TEXT_READ = "document.text_read", "Read the words of a document"
    DOCUMENT_RECORD_READ = "document.record_read", "Read the record of a document"
    DOCUMENT_DOWNLOADED = "document.downloaded", "Downloaded a document"
    DOCUMENT_READ_AGAIN = "document.read_again", "Had a failed document read again"

    TASK_CLAIMED = "task.claimed", "Took a task"
    TASK_OPENED = "task.opened", "Opened a task without taking it"
    TASK_RELEASED = "task.released", "Gave a task back"
    TASK_SKIPPED = "task.skipped", "Skipped a task"
    TASK_POSTPONED = "task.postponed", "Put a task away"
    DUE_SET = "task.due_set", "Set when a document is due"
    LABEL_SUBMITTED = "label.submitted", "Submitted a label"

    ADJUDICATION_RESOLVED = "adjudication.resolved", "Settled an adjudication"
    ADJUDICATION_REOPENED = "adjudication.reopened", "Opened an adjudication again"
    CAUSE_CORRECTED = "adjudication.cause_corrected", "Corrected the cause of a difference"
    RULING_MADE = "ruling.made", "Made a ruling"
    RULING_UNDONE = "ruling.undone", "Took a ruling back"
    GUIDELINE_CHANGED = "guideline.changed", "Changed a guideline"
    REVIEW_DECIDED = "review.decided", "Decided a review"
    CORRECTION_SPREAD = "correction.spread", "Put one correction on many documents"
    CORRECTION_UNDONE = "correction.undone", "Took a spread correction back"
    SUSPECT_DECIDED = "suspect.decided", "Decided about a suspect record"
    KNOWN_CHANGED = "test.material_changed", "Changed what people are tested or trained with"
    TEST_TOLD = "test.told", "Showed a person the results of their tests"
    QUEUE_PAUSED = "queue.paused", "Paused a person’s queue"
    QUEUE_RESUMED = "queue.resumed", "Let a person’s queue go on"
    POLICY_CHANGED = "policy.changed", "Changed the policy"

    GOLD_EXPORTED = "gold.exported", "Exported gold records"
    AGREEMENT_EXPORTED = "agreement.exported", "Exported agreement"
    QUALITY_READ = "quality.read", "Looked at a person's quality"
    QUALITY_EXPORTED = "quality.exported", "Exported people's quality"
    AUDIT_READ = "audit.read", "Looked at the trail"
    AUDIT_EXPORTED = "audit.exported", "Exported the trail"

    VENDOR_CHANGED = "vendor.changed", "Changed a vendor"
    VENDOR_CONFIRMED = "vendor.confirmed", "Confirmed a vendor"
    VENDOR_DISCARDED = "vendor.discarded", "Took a proposed vendor away"
    VENDOR_NAME_ADDED = "vendor.name_added", "Gave a vendor another name"
    VENDOR_NAME_REMOVED = "vendor.name_removed", "Took a name of a vendor away"
    VENDOR_MERGED = "vendor.merged", "Merged a vendor"
    VENDOR_MERGE_UNDONE = "vendor.merge_undone", "Took a merge back"

    PERSON_MADE = "person.made", "Made an account"
    PERSON_CHANGED = "person.changed", "Changed a role or an account"
    PASSWORD_RESET = "person.password_reset", "Gave a one-time password"
    PASSWORD_CHANGED = "person.password_changed", "Chose a password"
    TOKEN_MADE = "token.made", "Made an API token"

    SIGNED_IN = "sign_in.done", "Signed in"
    SIGN_IN_FAILED = "sign_in.failed", "Failed to sign in"
    SIGN_IN_LOCKED = "sign_in.locked", "Was locked out"
    SIGNED_OUT = "sign_out.done", "Signed out"
    TOKEN_USED = "token.used", "Used an API token"
    TOKEN_REFUSED = "token.refused", "Sent a token that is not valid"
