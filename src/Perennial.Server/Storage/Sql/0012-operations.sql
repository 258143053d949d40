-- Registrations that wait for a hub outside this process, or for a custom allocation; one a device.
CREATE TABLE operation (
    key             TEXT    NOT NULL PRIMARY KEY,        -- of the registration
    operation       TEXT    NOT NULL,
    document        TEXT    NOT NULL
) WITHOUT ROWID;

-- Identities that moved away from a hub outside this process and are still to be deleted there.
CREATE TABLE departure (
    hub             TEXT    NOT NULL,
    device          TEXT    NOT NULL,
    registration    TEXT    NOT NULL,
    PRIMARY KEY (hub, device)
) WITHOUT ROWID;
