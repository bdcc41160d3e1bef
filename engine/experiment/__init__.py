"""Experiments: every cell of a plan, trained on every fold with every seed, and the tables of it all."""
