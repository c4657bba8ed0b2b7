"""Frames to data package: build it, replace the old one, verify it."""
