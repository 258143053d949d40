-- Each row's hash covers the row and the hash of the row before it. NULL in rows that are older than the chain.
ALTER TABLE audit ADD COLUMN hash BLOB;
