"""One result, many formats: a result comes in, the text of a file goes out."""
