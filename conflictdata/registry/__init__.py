"""Published versions of the data: fetch, check and cache them."""
