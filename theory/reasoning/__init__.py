"""Engines: what follows from what.

They return proofs as data; only ``theory.provers`` gives verdicts.
"""
