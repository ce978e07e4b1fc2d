"""Trains drafts for weak-to-strong decoding: one recipe, one run, a stream of JSON lines that says how it goes."""
