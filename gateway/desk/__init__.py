"""What a help desk is: standard library only, no I/O, no clock, no mail."""
