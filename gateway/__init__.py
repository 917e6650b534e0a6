"""The email-driven ticket gateway: a support address becomes a ticket desk."""

__version__ = "0.1.0"
