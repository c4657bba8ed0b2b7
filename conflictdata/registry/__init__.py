"""Published versions of the data: fetched, checked, and kept in a cache."""
