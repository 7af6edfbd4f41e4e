"""Charts: frozen results come in, Bokeh figures that are updated in place go out. Nothing here knows the session."""
