"""Paper that a hall signs: pages of Chinese text and tables as PDF. It knows no figures and no schemes."""
