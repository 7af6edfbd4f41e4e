"""The report as a value: one result comes in, what may be said of it without its customers goes out, and is checked."""
