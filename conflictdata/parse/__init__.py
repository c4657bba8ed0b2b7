"""From a news text to drafts of claims."""

from conflictdata.parse.drafts import Document, Doubt, Draft, Reading
from conflictdata.parse.engine import parse_document, parse_text

__all__ = ["Document", "Doubt", "Draft", "Reading", "parse_document", "parse_text"]
