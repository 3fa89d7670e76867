"""What takes more than one step: given a journal and values, return a value. Only keys may be asked for here."""
