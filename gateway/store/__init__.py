"""The only room with SQL and files."""
