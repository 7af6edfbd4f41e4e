"""What every pane stands on: the model that it shows, how changes reach a browser or a notebook, colours and styles."""
