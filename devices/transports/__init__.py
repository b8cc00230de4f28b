"""What lies under a port, one file per kind of wire. Only `devices.ports` opens these."""
