"""The course on a JupyterHub: the recipe (README.md), what starts a learner's server, and the load test."""
