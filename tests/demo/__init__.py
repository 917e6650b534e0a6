"""A ticket's life: what `make demo` plays."""
