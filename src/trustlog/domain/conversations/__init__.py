"""Hard conversations: their questions and answers, the card, boundaries, and the recruiter's own page."""
