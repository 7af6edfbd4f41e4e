"""A model document in, SQL out: the statement that scores a table where it lies, and the one that checks it."""
