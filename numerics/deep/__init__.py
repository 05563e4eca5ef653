"""Experiments on deep networks: what the theorems say, measured where they are meant to hold.

The only package that imports torch. ``models`` and ``data`` are what is studied, ``attacks`` find
and certify worst inputs, ``curvature`` measures smoothness, ``training`` makes networks,
``experiments`` ask one question each and leave a record in ``records``.
"""
