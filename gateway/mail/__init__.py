"""What a mail is: knows RFCs, knows no ticket, does no I/O."""
