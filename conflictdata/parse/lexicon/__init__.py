"""The words of the grammar, as plain tables. Extending what the parser knows means adding a word here."""
