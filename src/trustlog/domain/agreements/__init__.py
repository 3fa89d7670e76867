"""What was agreed: the kick-off of a role, and what is owed, both ways."""
