"""The words of the grammar, as plain tables. To extend the parser, add words here."""
