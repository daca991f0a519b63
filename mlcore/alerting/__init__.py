"""What deserves somebody's attention: pure rules from counted values to findings, and what messages about them may go where."""
