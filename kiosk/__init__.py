"""The citizen's ticket machine 取号机, and the phone's page of a ticket."""
