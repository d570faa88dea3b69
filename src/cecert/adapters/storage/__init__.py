"""Where documents and small files are kept: the archive, and writing that is whole or not there."""
