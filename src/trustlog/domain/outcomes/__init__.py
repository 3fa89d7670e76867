"""What became of a large command, for the view to tell."""
