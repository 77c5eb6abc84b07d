"""The authors' tools: they build, measure and check the course. No notebook imports them."""
