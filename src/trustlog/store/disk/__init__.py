"""The journal as a file: drivers and keys, locks, copies, and putting one in its place."""
