# expected: expected at least one module-level Claim, found none
"""A file without a claim."""
