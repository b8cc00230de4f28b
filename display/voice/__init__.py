"""What is said aloud: the board's calls as sentences for a voice chip."""
