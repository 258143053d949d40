-- Intermediates that stood in accepted chains, for devices that bring their leaf alone to the hub.
CREATE TABLE known_issuer (
    subject         BLOB    NOT NULL,            -- SHA-256 of the subject's DER
    thumbprint      BLOB    NOT NULL,
    known           INTEGER NOT NULL,            -- UTC ticks
    der             BLOB    NOT NULL,
    PRIMARY KEY (subject, thumbprint)
) WITHOUT ROWID;
