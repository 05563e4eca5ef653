"""Statements without a machine proof: true by hand, or conjectured and only supported by search.

``advsmooth list`` shows them and ``advsmooth verify ID`` tries them; a run of the whole library
leaves them out, since no verdict above ``survived`` is expected.  A file that gets proved moves to
``theory/theorems``.
"""
