"""A chat model that writes answers from the passages, checked by code before anybody keeps them."""
