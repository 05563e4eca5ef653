# expected: expected a file that runs without an exception, got ZeroDivisionError
"""A file that fails on its own account."""

radius = 1 / 0
