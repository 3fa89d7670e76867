"""Whole records on their way out of the journal and into it."""
