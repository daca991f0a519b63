"""What happens every day, counted exactly: how right, how sure, how many, how long, how much work."""
