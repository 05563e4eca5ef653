"""Statements that survived every attack and that nobody has proved; not part of the library."""
