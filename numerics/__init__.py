"""Numbers around the theory: load claims, run them, falsify, certify, report.

Imports `theory`, numpy and scipy; torch only in `numerics.deep`.  Nothing is imported here,
so that a command pays for what it uses.
"""
