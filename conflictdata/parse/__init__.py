"""From a news text to drafts of claims."""

from conflictdata.parse.engine import parse_document, parse_text
from conflictdata.parse.model import Document, Doubt, Draft, Reading

__all__ = ["Document", "Doubt", "Draft", "Reading", "parse_document", "parse_text"]
