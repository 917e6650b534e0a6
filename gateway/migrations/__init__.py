"""How databases of earlier versions become databases of this one; run by `gateway.store.schema`, never by hand."""
