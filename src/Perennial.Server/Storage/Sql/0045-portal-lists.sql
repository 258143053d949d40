-- What lists of registrations and of refusals are found by.
ALTER TABLE registration ADD COLUMN status INTEGER;            -- 1 failed, 2 disabled; 0 or null assigned

-- The two that are rare; the row's document has the last word.
UPDATE registration SET status = 1 WHERE document LIKE '%"status":1,"substatus"%';

UPDATE registration SET status = 2 WHERE document LIKE '%"status":2,"substatus"%';

CREATE INDEX registration_unassigned ON registration (status, key) WHERE status > 0;

ALTER TABLE sighting ADD COLUMN refusal INTEGER;               -- the number of the reason; null when the device was accepted

CREATE INDEX sighting_refused ON sighting (at, device) WHERE refusal > 0;

CREATE INDEX sighting_reason ON sighting (refusal, at, device) WHERE refusal > 0;
