# expected: valid Python
"""A file that the compiler refuses."""

return  # type: ignore  # noqa
