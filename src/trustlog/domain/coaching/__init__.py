"""What to do next: the situations of a history, the small steps, and the pages and letters around them."""
