"""What the repository generates from itself: schemas, pages of rules, the copy of the data in the wheel."""
