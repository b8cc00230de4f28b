"""Families of ticket printers as data, one TOML file each; `devices.printer_profile` reads them."""
