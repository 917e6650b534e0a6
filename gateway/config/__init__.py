"""gateway.toml and config/*.toml become policy values; every error has its place."""
