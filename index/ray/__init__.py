"""Lets the workers of a Ray cluster parse and embed; imported only with `index rebuild --ray`."""
