-- Symmetric keys of enrollments; they stand nowhere else.
CREATE TABLE enrollment_key (
    kind            INTEGER NOT NULL,
    key             TEXT    NOT NULL,
    enabled         INTEGER NOT NULL,
    created         INTEGER NOT NULL,
    primary_key     BLOB    NOT NULL,
    secondary_key   BLOB    NOT NULL,
    PRIMARY KEY (kind, key),
    FOREIGN KEY (kind, key) REFERENCES enrollment (kind, key) ON DELETE CASCADE
) WITHOUT ROWID;

-- Groups are tried for a device by creation, and those that are enabled first.
CREATE INDEX enrollment_key_order ON enrollment_key (kind, enabled, created, key);
