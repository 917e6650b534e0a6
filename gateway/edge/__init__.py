"""Sockets. Decides nothing."""
