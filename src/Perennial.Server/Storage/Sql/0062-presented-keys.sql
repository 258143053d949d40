-- The devices that a key took last: their last accepted handshake was by a token, so no leaf ends their access.
CREATE INDEX sighted_device_key ON sighted_device (anchor, device) WHERE accepted IS NOT NULL AND leaf_ends IS NULL;

-- A hub is noted too where the identity of the device has a credential of its own and none follows the enrollment; then ' own' stands behind its name.
INSERT INTO device_chain (device, name, hub, standing)
SELECT lower(d.id), max(d.id), max(d.hub) || ' own', 1 FROM device d
WHERE d.enabled = 1 AND d.module = 0 AND d.document NOT LIKE '%"kind":"enrollment"%'
GROUP BY lower(d.id)
ON CONFLICT (device) DO UPDATE SET hub = excluded.hub WHERE device_chain.hub = '';
