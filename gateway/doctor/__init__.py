"""`gateway doctor`: is the world around the desk as the desk needs it? Facts are gathered, then judged.

What judges (`server`, `mailbox`, `relay`, `domain`, `trust`, `machine`, `unit`) takes values and gives findings,
without I/O; what looks (`ask_…`) touches sockets, DNS and files, and decides nothing.
"""
