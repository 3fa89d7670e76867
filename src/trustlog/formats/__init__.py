"""Documents that leave the journal and come back: text on one side, plain values on the other."""
