"""Words: a Profile and a Playbook come in, an Interpretation goes out, every statement backed by its numbers."""
