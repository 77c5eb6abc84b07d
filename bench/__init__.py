"""How fast the course trains: `python -m bench`."""
