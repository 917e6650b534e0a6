"""gateway.toml and config/*.toml become policy values; every error has its place."""

from gateway.config.load import NoConfiguration, find, load
from gateway.config.problem import Problem, render, summary
from gateway.config.secrets import SecretError, SecretRef, resolve
from gateway.config.settings import Config, Endpoint, Imap, Listen, Log, OAuth2, Send, Storage
from gateway.config.show import explain, schema, show

__all__ = [
    "Config",
    "Endpoint",
    "Imap",
    "Listen",
    "Log",
    "NoConfiguration",
    "OAuth2",
    "Problem",
    "SecretError",
    "SecretRef",
    "Send",
    "Storage",
    "explain",
    "find",
    "load",
    "render",
    "resolve",
    "schema",
    "show",
    "summary",
]
