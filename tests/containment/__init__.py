"""Random containment tests: every member's exact image lies in the interval that was computed.

``python -m tests.containment --count 1000000`` runs the full count; pytest runs a sample.
"""
