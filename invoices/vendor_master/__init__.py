"""Changes of the vendor master, one use case a file. Recognising a vendor on a document is not done here."""
