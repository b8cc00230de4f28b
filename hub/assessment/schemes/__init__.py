"""The schemes that come with Hall, as data: one TOML file each."""
