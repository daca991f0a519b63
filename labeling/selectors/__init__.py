"""What the screens read of documents and of the work on them, in a bounded number of queries."""
