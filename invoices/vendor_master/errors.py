"""What can be wrong with a change of the vendor master."""

from __future__ import annotations


class VendorChangeError(Exception):
    """A change that cannot be made. ``code`` is stable; the message names the value, the limit and the remedy.

    vendor_not_found | vendor_merged | name_missing | name_too_long | address_too_long | identifiers_too_many | alias_taken |
    merge_with_itself | merge_undone | vendor_in_use
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)
