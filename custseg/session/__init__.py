"""What one person has open: settings and events come in, results and sentences go out. The only state that changes."""
