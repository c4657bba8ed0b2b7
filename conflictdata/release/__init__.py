"""Releases: a version is checked, written once, and never changed."""
