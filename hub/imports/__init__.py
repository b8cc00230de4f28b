"""`hall import`: registers from CSV files, each taken whole or not at all, beside a running hub.

A file is read twice as a stream: first everything is checked and every bad line is named, then the rows are stored in
small pieces that nobody sees yet, and at last one flag publishes them. What a hall takes from such a file is told by
`Register`s; a room that wants another register writes one.
"""
