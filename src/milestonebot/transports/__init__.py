"""The chat networks: one file or folder each. They never import each other."""
