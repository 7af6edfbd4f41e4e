"""The page, the saved file and the notebook as a person meets them: in a browser."""
