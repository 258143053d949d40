-- When certificates end, so that those which end soon are counted by index. Null until the server has read it from a row of before.
ALTER TABLE enrollment_certificate ADD COLUMN not_after INTEGER;   -- UTC ticks

ALTER TABLE ca_certificate ADD COLUMN not_after INTEGER;           -- UTC ticks

CREATE INDEX enrollment_certificate_expiry ON enrollment_certificate (not_after);

CREATE INDEX ca_certificate_expiry ON ca_certificate (not_after);

CREATE INDEX issuance_expiry ON issuance (not_after) WHERE state = 1;
