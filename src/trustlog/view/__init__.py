"""Values become text that people read, or JSON. Decides nothing."""
