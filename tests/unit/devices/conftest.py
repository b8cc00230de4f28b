"""Property tests are judged by what they find, not by how fast a loaded machine runs one example."""

from hypothesis import settings

settings.register_profile("devices", deadline=None)
settings.load_profile("devices")
