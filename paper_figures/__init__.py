"""The figures of the paper: one file each, found by looking, drawn by `draw`.

A figure module has `TITLE`, `CLAIMS` (the ids of the claims that it shows), `SETTINGS`,
`data(**settings)`, `plot(data)` and `caption(data)`.  Nothing is registered anywhere.
"""

from paper_figures.drawing import FigureResult, draw

__all__ = ["FigureResult", "draw"]
