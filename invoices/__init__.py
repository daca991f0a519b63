"""Documents: in through intake, read in a sandbox, matched to a vendor, pre-filled."""
