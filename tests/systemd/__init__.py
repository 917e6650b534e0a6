"""The unit files, judged by systemd itself."""
