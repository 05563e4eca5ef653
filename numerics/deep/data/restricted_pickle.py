"""Pickles of dictionaries, lists, numbers, text, bytes and numeric arrays: nothing else is made.

A pickle is a program that may call any function. Here the instructions are read first, without
running them, and all but those that build plain values are refused; then the few names that arrays
need stand for functions of ours, which check sizes, so that numpy itself gets only whole buffers.

Errors: Malformed for any other name or instruction, and for a pickle that is damaged.
Source: Python's documentation of pickle, "Restricting Globals", and of pickletools.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools
from typing import Any

import numpy as np

from numerics.sentences import Malformed

PLAIN = {
    "PROTO",
    "FRAME",
    "STOP",
    "MARK",
    "NONE",
    "NEWTRUE",
    "NEWFALSE",
    "BININT",
    "BININT1",
    "BININT2",
    "LONG1",
    "BINFLOAT",
    "BINSTRING",
    "SHORT_BINSTRING",
    "BINBYTES",
    "SHORT_BINBYTES",
    "BINBYTES8",
    "BYTEARRAY8",
    "SHORT_BINUNICODE",
    "BINUNICODE",
    "BINUNICODE8",
    "EMPTY_LIST",
    "APPEND",
    "APPENDS",
    "EMPTY_DICT",
    "SETITEM",
    "SETITEMS",
    "EMPTY_TUPLE",
    "TUPLE",
    "TUPLE1",
    "TUPLE2",
    "TUPLE3",
    "BINPUT",
    "LONG_BINPUT",
    "BINGET",
    "LONG_BINGET",
    "MEMOIZE",
    "GLOBAL",
    "STACK_GLOBAL",
    "REDUCE",
    "BUILD",
}
NUMERIC = "buif"


def loads(data: bytes, where: str) -> Any:
    """The value; ``where`` names the file in the sentences.

    >>> loads(pickle.dumps({"labels": [1, 2]}), "batch")
    {'labels': [1, 2]}
    >>> loads(pickle.dumps(print), "batch")
    Traceback (most recent call last):
    numerics.sentences.Malformed: batch: expected a pickle of arrays, lists and numbers, \
got the name builtins.print
    """
    try:
        _check(data, where)
        found = _Reader(io.BytesIO(data), where).load()
        return _arrays(found)
    except Malformed:
        raise
    except Exception as problem:  # a damaged pickle can fail in every way there is
        said = type(problem).__name__
        raise Malformed(f"{where}: expected a whole pickle of arrays and lists ({said})") from None


def _check(data: bytes, where: str) -> None:
    """No instruction beyond PLAIN, and no place in the memo that would make it large."""
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name not in PLAIN:
            raise Malformed(f"{where}: expected a pickle of plain values, got {opcode.name}")
        if opcode.name in ("BINPUT", "LONG_BINPUT") and int(argument or 0) > len(data):
            raise Malformed(f"{where}: expected a pickle of plain values, got a memo of {argument}")


class _Reader(pickle.Unpickler):
    """An unpickler for which only the names of arrays have a meaning."""

    def __init__(self, stream: io.BytesIO, where: str) -> None:
        super().__init__(stream, encoding="bytes")
        self._where = where

    def find_class(self, module: str, name: str, /) -> Any:
        match module, name:
            case ("numpy.core.multiarray" | "numpy._core.multiarray", "_reconstruct"):
                return lambda *_: _Stored()
            case ("numpy.core.numeric" | "numpy._core.numeric", "_frombuffer"):
                return _whole
            case "numpy", "dtype":
                return lambda code, *_: _Kind(code)
            case "numpy", "ndarray":
                return None  # only ever an argument of _reconstruct
            case "_codecs", "encode":
                return lambda text, encoding: _bytes(text, encoding)
        shown = f"the name {module}.{name}"[:100]
        raise Malformed(
            f"{self._where}: expected a pickle of arrays, lists and numbers, got {shown}"
        )


class _Kind:
    """A dtype on its way: a code such as u1, and the byte order that follows."""

    __slots__ = ("dtype",)

    def __init__(self, code: Any) -> None:
        text = code.decode("ascii") if isinstance(code, bytes) else code
        if not isinstance(text, str) or len(text) > 3:
            raise ValueError("dtype")
        self.dtype = np.dtype(text)
        if self.dtype.kind not in NUMERIC:
            raise ValueError("dtype")

    def __setstate__(self, state: Any) -> None:
        order: Any = state[1].decode() if isinstance(state[1], bytes) else state[1]
        if order not in "<>|=" or any(part not in (None, -1, 0) for part in state[2:]):
            raise ValueError("dtype")
        self.dtype = self.dtype.newbyteorder(order)


class _Stored:
    """An array on its way: its state is (version, shape, dtype, in Fortran order, bytes)."""

    __slots__ = ("array",)

    def __init__(self) -> None:
        self.array: Any = None

    def __setstate__(self, state: Any) -> None:
        *_, shape, kind, fortran, raw = state
        self.array = _whole(raw, kind, shape, "F" if fortran else "C").array


def _whole(raw: Any, kind: Any, shape: Any, order: Any = "C") -> _Stored:
    """The array of exactly these bytes."""
    if not isinstance(kind, _Kind) or order not in ("C", "F"):
        raise ValueError("array")
    if any(type(s) is not int or s < 0 for s in shape) or len(shape) > 8:
        raise ValueError("array")
    if math.prod(shape) * kind.dtype.itemsize != len(raw):
        raise ValueError("array")
    stored = _Stored()
    stored.array = np.frombuffer(raw, kind.dtype).reshape(shape, order=order)
    return stored


def _bytes(text: Any, encoding: Any) -> bytes:
    """Bytes that an old protocol wrote as text."""
    if not isinstance(text, str) or encoding != "latin1":
        raise ValueError("text")
    return text.encode("latin1")


def _arrays(value: Any) -> Any:
    """The value with finished arrays, at the top and as entries of a dictionary."""
    if isinstance(value, dict):
        return {key: _arrays_once(entry) for key, entry in value.items()}
    return _arrays_once(value)


def _arrays_once(value: Any) -> Any:
    return value.array if isinstance(value, _Stored) else value
