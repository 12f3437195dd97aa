"""The composition root: builds a runtime from settings and plugs the adapters in."""
