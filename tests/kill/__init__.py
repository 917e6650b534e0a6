"""The promise, tested from outside: killed at any moment, the gateway loses nothing and does nothing twice.

Mails are given over SMTP, LMTP and IMAP while the daemon is killed with SIGKILL at random moments. Ledgers outside of
it say what was given, what it said yes to and what reached the relay, each line fsynced before it counts; its database
is asked only at the end. `python -m tests.kill --help` runs it by hand.
"""
