"""What the networks for images ask of their input."""

from __future__ import annotations

from numerics.sentences import Malformed

SMALLEST = 8


def image_shape(model: str, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """(channels, height, width), or one sentence.

    >>> image_shape("cnn", (64,))
    Traceback (most recent call last):
    numerics.sentences.Malformed: model cnn: expected images (channels, height, width), got shape \
(64,)
    """
    if len(shape) != 3:
        raise Malformed(
            f"model {model}: expected images (channels, height, width), got shape {shape}"
        )
    channels, height, width = shape
    if min(height, width) < SMALLEST:
        raise Malformed(
            f"model {model}: expected images of {SMALLEST}x{SMALLEST} or more, got {shape}"
        )
    return channels, height, width
