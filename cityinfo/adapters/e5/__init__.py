"""multilingual-e5-small, a sentence model: its weights, its graph, and the encoder that works with both."""

from .encoder import E5, open_e5

__all__ = ["E5", "open_e5"]
