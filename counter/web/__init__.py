"""The clerk's console: static files, served by the hub at `/counter`."""
