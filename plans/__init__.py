"""Experiments that come with Attune: a name such as ``paper`` stands for ``paper.toml`` here."""
