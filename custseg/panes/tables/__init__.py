"""Tables: a model or a result comes in, a Tabulator goes out."""
