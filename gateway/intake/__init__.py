"""Which mail is what: pure rules, in one order, with a trace."""
