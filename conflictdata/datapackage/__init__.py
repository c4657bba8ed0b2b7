"""Build, replace and verify data packages."""
