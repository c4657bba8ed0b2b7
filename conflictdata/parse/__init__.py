"""Draft casualty claims from an English news text."""

from conflictdata.parse.engine import parse_document, parse_text
from conflictdata.parse.model import Document, DraftFigure, ParseResult, ReviewNote

__all__ = ["Document", "DraftFigure", "ParseResult", "ReviewNote", "parse_document", "parse_text"]
