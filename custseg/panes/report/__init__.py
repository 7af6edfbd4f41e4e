"""The report: a model comes in, one HTML file that opens anywhere goes out."""
