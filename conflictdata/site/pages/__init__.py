"""One module per kind of page: each yields the pages of its kind."""
