"""Trains and exports drafts for weak-to-strong decoding; `wellbegun train` and `wellbegun export` start it."""
