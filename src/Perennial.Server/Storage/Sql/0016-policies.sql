-- What the access policies were when they were last looked at. The keys stand in service-policies.json alone.
CREATE TABLE access_policy (
    scope           TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    rights          TEXT    NOT NULL,
    primary_print   TEXT    NOT NULL,            -- SHA-256 of the key
    secondary_print TEXT    NOT NULL,
    PRIMARY KEY (scope, name)
) WITHOUT ROWID;
