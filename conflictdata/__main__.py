"""`python -m conflictdata`."""

from conflictdata.cli import main

main()
