"""Small helpers that are independent of the data: paths, file writing, spelling."""
