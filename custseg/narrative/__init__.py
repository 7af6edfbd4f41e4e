"""Words: a Profile and a Playbook come in, an Interpretation goes out, in which every statement carries its numbers."""
