-- The key of a blocked issuer, by which it is found under every name that a certificate gives it; null in rows that were written without it.
ALTER TABLE block ADD COLUMN issuer_key BLOB;

CREATE INDEX block_issuer_key ON block (issuer_key) WHERE kind = 1;
