"""Certificates: files that carry a verdict to someone who does not trust its maker.

``arb`` and ``decimals`` check them, each on its own; nothing is imported here, so that
``python -m numerics.certificates.decimals FILE`` needs the standard library alone.
"""
