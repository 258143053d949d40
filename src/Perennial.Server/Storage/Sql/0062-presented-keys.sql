-- The devices that a key took last: their last accepted handshake was by a token, so no leaf ends their access.
CREATE INDEX sighted_device_key ON sighted_device (anchor, device) WHERE accepted IS NOT NULL AND leaf_ends IS NULL;

-- A hub is noted too where the identity of the device has a credential of its own; then ' own' stands behind its name.
UPDATE device_chain SET hub = d.hub || ' own' FROM device d WHERE d.id = device_chain.name AND d.enabled = 1 AND device_chain.hub = '';
