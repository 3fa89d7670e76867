"""The ideas: frozen values and pure functions. No clock, no files, no chance.

Values are NamedTuples: as frozen as a dataclass, at a quarter of its price when a module is loaded
(0.2 ms a class against 0.9), and three times as fast to make by the ten thousand.
"""
