"""What the screens read: each function a bounded number of queries, whatever the size of the tables."""
