"""What takes more than one step: given a journal and values, return a value. Never prints, never asks."""
