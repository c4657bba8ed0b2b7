"""What a record must be: models, vocabularies, rules, and everything that is made from them."""
