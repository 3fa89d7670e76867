"""Where things stand: the trust model, and what a report says of it."""
