"""How the stations' devices are and were: their history, what it adds up to, and who is told when one fails."""
