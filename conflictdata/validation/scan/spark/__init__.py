"""Tables checked on Spark."""
