"""What `hall devices test URL --as KIND` does, one file per kind; the table is `devices.drivers`."""
