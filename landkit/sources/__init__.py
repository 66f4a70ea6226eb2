"""What a planner delivers, opened here and nowhere else."""

from landkit.sources.layer import Note, SourceLayer
from landkit.sources.shapes import screen
from landkit.sources.vector import list_columns, read_layers

__all__ = ["Note", "SourceLayer", "list_columns", "read_layers", "screen"]
