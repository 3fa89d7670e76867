"""Names for the few styles there are: one accent and its grey, amber only for what is due."""

ACCENT = "cyan"
GREY = "dim"
STRONG = "bold"
DUE = "yellow"
