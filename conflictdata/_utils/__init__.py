"""Small helpers that know nothing of claims: paths, files put in place whole, names that are nearly another."""
