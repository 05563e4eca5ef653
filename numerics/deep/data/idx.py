r"""The IDX format of MNIST, plain or compressed by gzip.

Two zero bytes, one for the type (8: unsigned byte), one for the number of dimensions; the
dimensions as 32-bit big-endian integers; the entries in C order.

Errors: Malformed; what the header promises is compared with what is there, and never allocated.
Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", section "File formats".
"""

from __future__ import annotations

import gzip
import io
import math
import zlib
from pathlib import Path

import numpy as np

from numerics.deep.data.files import LARGEST, Pixels, content
from numerics.sentences import Malformed

UNSIGNED_BYTE = 8


def read(path: Path, dimensions: int) -> Pixels:
    """The array of a file with that many dimensions."""
    raw = io.BytesIO(content(path))
    stream = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
    try:
        return _parsed(stream, path, dimensions)
    except (EOFError, OSError, zlib.error):
        raise Malformed(f"{path}: expected a whole gzip file, it is truncated or damaged") from None


def _parsed(stream: gzip.GzipFile | io.BytesIO, path: Path, dimensions: int) -> Pixels:
    head = stream.read(4 + 4 * dimensions)
    if len(head) < 4 + 4 * dimensions or head[:4] != bytes([0, 0, UNSIGNED_BYTE, dimensions]):
        wanted = f"an IDX file of bytes with {dimensions} dimension(s)"
        raise Malformed(f"{path}: expected {wanted}, it starts with {head[:4].hex(' ')}")
    shape = [int(s) for s in np.frombuffer(head, ">u4", offset=4)]
    size = math.prod(shape)
    if not 0 < size <= LARGEST:
        wanted = f"1 to {LARGEST} entries"
        raise Malformed(f"{path}: expected {wanted}, its header says {'x'.join(map(str, shape))}")
    raw = stream.read(size + 1)
    if len(raw) != size:
        got = "more" if len(raw) > size else f"{len(raw)} (truncated?)"
        raise Malformed(f"{path}: expected {size} bytes after the header, got {got}")
    return np.frombuffer(raw, np.uint8).reshape(shape)
