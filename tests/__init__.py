"""What a user would miss if it broke."""
