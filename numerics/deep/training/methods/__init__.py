"""One training method a file, found by its name; nothing to register.

A file holds one class derived from ``LossMethod``, ``AroundLoss``, ``Around`` or ``Method`` of
``numerics.deep.training.method``.
"""
