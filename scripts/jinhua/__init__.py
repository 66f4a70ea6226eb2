"""What the shipped workspace of Jinhua Development Zone 2022 is made of; `scripts/build_layers.py` writes it.

All of it is illustrative: an imagined city, in which the plan's counts and sums hold.
"""
