"""Generators for the repository's own files.

They write the schemas, the pages of the rules, and the copy of the data in the wheel.
"""
