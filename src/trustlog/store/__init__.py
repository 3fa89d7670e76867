"""SQLite: the only place that knows SQL. Rows go in and come out as the domain's values."""
