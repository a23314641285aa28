"""The JSON faces: `v1` is ours, `integreat` speaks what existing apps expect. They never import each other."""
