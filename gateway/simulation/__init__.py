"""A desk in a world with a virtual clock and a remembered relay: nothing in it reads a clock or opens a socket."""
