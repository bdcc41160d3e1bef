"""Mutated files through everything of Attune that opens one, each case in a process of its own.

See ``python -m fuzz --help``.
"""
