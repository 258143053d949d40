-- What the links of hubs and the allocation were when they were last looked at. The keys stand in linked-hubs.json alone.
CREATE TABLE hub_link (
    name            TEXT    NOT NULL PRIMARY KEY,
    document        TEXT    NOT NULL             -- with the SHA-256 of the key
) WITHOUT ROWID;
