"""Products: results in, things that people open out."""
