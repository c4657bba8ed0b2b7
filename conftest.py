"""The examples in the README and the docs are tests."""

from sybil import Sybil
from sybil.parsers.rest import DocTestParser

pytest_collect_file = Sybil(parsers=[DocTestParser()], patterns=["README.md", "docs/*.md"]).pytest()
