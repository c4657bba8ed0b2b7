"""Release a version: check it, write it once, never change it."""
