"""Planted claims: false, vacuous, nonsmooth, a hair off.  The tools must catch every one.

Never part of the library.  Each file's ``TRUTH`` says what must become of each id: "refuted",
"vacuous", or "not proved" where a refutation is not to be had in exact rationals.
"""
