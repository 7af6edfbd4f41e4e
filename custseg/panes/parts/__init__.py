"""The parts of a page: each shows one thing of a model, in words, controls, charts and tables."""
