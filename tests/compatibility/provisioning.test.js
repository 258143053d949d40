'use strict';

const assert = require('node:assert/strict');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');

const unauthorized = { name: 'UnauthorizedError' };
const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/;

scene(__filename, { address: '127.0.0.11' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;

  for (const transport of ['mqtt', 'http']) {
    test(`A device with an individual enrollment is provisioned over ${transport} and told its hub`, async () => {
      const leaf = certificates.selfSigned(`lamp-${transport}`);
      await service.enroll(leaf);
      const registration = await devices.provision(leaf, { transport });
      assert.equal(registration.status, 'assigned');
      assert.equal(registration.assignedHub, hub);
      assert.equal(registration.deviceId, leaf.commonName);
      assert.equal(registration.registrationId, leaf.commonName);
      assert.equal(registration.substatus, 'initialAssignment');
      assert.match(registration.createdDateTimeUtc, utc);
      assert.match(registration.lastUpdatedDateTimeUtc, utc);
      assert.ok(registration.etag);
      assert.deepEqual(registration.x509, {});
    });

    test(`Telemetry sent over ${transport} to the assigned hub arrives exact`, async () => {
      const leaf = certificates.selfSigned(`meter-${transport}`);
      await service.enroll(leaf);
      const client = await devices.provisionAndConnect(leaf, { transport });
      const properties = { 'a-b': 'x=y&z', plain: 'v', blank: 'a b/c' };
      if (transport === 'mqtt') {
        Object.assign(properties, { 'k 1': 'ü+1%', empty: '' });
      }
      const body = Buffer.from([0, 1, 2, 0xff, 0x0a, 0x7b]);
      const sent = message(body, properties);
      sent.messageId = 'm 1/2';
      sent.contentType = 'application/json';
      sent.contentEncoding = 'utf-8';
      await client.sendEvent(sent);

      const [line] = await service.telemetry({ filter: (each) => each.deviceId === leaf.commonName });
      assert.ok(Number.isInteger(line.sequence) && line.sequence > 0);
      assert.ok(Math.abs(Date.parse(line.enqueuedTime) - Date.now()) < 60_000, `enqueued ${line.enqueuedTime}`);
      assert.deepEqual(Buffer.from(line.body, 'base64'), body);
      for (const [key, value] of Object.entries(properties)) {
        assert.equal(line.properties.application[key], value, key);
      }
      assert.deepEqual(Object.keys(line.properties.application).sort(), Object.keys(properties).sort());
      assert.equal(line.properties.system['message-id'], 'm 1/2');
      assert.equal(line.properties.system['content-type'], 'application/json');
      assert.equal(line.properties.system['iothub-connection-device-id'], leaf.commonName);
      await devices.disconnect(client);
    });
  }

  test('A device id of its own is given to the device and to the hub', async () => {
    const leaf = certificates.selfSigned('serial-4711');
    await service.enroll(leaf, { deviceId: 'Boiler#7' });
    const registration = await devices.provision(leaf);
    assert.equal(registration.deviceId, 'Boiler#7');
    await devices.disconnect(await devices.connect(hub, leaf, { deviceId: 'Boiler#7' }));
    await assert.rejects(devices.connect(hub, leaf), unauthorized);
  });

  test('The initial twin of the enrollment is the twin of the new device', async () => {
    const leaf = certificates.selfSigned('twin-first');
    await service.enroll(leaf, { initialTwin: { tags: { site: 'north' }, properties: { desired: { interval: 60 } } } });
    await devices.provision(leaf);
    const twin = (await service.registry().getTwin(leaf.commonName)).responseBody;
    assert.equal(twin.tags.site, 'north');
    assert.equal(twin.properties.desired.interval, 60);
  });

  test('Provisioning twice leaves one record that was created once', async () => {
    const leaf = certificates.selfSigned('again');
    await service.enroll(leaf);
    const first = await devices.provision(leaf);
    const second = await devices.provision(leaf, { transport: 'http' });
    assert.equal(second.createdDateTimeUtc, first.createdDateTimeUtc);
    assert.ok(second.lastUpdatedDateTimeUtc >= first.lastUpdatedDateTimeUtc);
    const stored = await service.registration('again');
    assert.equal(stored.status, 'assigned');
    assert.equal(stored.assignedHub, hub);
  });

  test('Two connections that provision one device at once get one record and one device', async () => {
    const leaf = certificates.selfSigned('twice-at-once');
    await service.enroll(leaf);
    const [first, second] = await Promise.all([devices.provision(leaf), devices.provision(leaf, { transport: 'http' })]);
    assert.equal(first.deviceId, second.deviceId);
    assert.equal(first.createdDateTimeUtc, second.createdDateTimeUtc);
  });

  for (const transport of ['mqtt', 'http']) {
    test(`A leaf that is in no slot is refused over ${transport} with the service's own error`, async () => {
      const id = `stranger-${transport}`;
      await service.enroll(certificates.selfSigned(id));
      await assert.rejects(devices.provision(certificates.selfSigned(id), { transport }), (error) => {
        assert.equal(error.name, 'UnauthorizedError');
        const document = error.result ?? JSON.parse(error.responseBody);
        assert.equal(document.errorCode, 401002);
        assert.ok(document.trackingId);
        assert.ok(document.message);
        return true;
      });
    });

    test(`A leaf whose common name is another than the registration id is refused over ${transport}`, async () => {
      const leaf = certificates.selfSigned(`own-name-${transport}`);
      await service.enroll(leaf);
      await assert.rejects(devices.provision(leaf, { transport, registrationId: `other-name-${transport}` }), unauthorized);
    });
  }

  test('A device without any enrollment is refused', async () => {
    await assert.rejects(devices.provision(certificates.selfSigned('unheard-of')), unauthorized);
  });

  test('An expired leaf is refused although it is in a slot', async () => {
    const leaf = certificates.leaf('expired', certificates.root('An old root'), -1);
    await service.enroll(leaf).catch(() => {});
    await assert.rejects(devices.provision(leaf), unauthorized);
  });

  test('A signing certificate is refused as a leaf', async () => {
    const authority = certificates.root('authority-as-device');
    await service.enroll(authority).catch(() => {});
    await assert.rejects(devices.provision(authority), unauthorized);
  });

  test('A disabled enrollment refuses and an enabled one takes the device again', async () => {
    const leaf = certificates.selfSigned('on-and-off');
    await service.enroll(leaf, { provisioningStatus: 'disabled' });
    await assert.rejects(devices.provision(leaf), /disabled/);
    await service.editEnrollment('on-and-off', (_, enrollment) => {
      enrollment.provisioningStatus = 'enabled';
    });
    assert.equal((await devices.provision(leaf)).status, 'assigned');
  });

  test('After its enrollment is deleted a device is refused and its record remains', async () => {
    const leaf = certificates.selfSigned('deleted-enrollment');
    await service.enroll(leaf);
    await devices.provision(leaf);
    await service.provisioning.deleteIndividualEnrollment(leaf.commonName);
    await assert.rejects(devices.provision(leaf), unauthorized);
    assert.equal((await service.registration(leaf.commonName)).status, 'assigned');
  });

  test('After its record is deleted a device is provisioned as if for the first time', async () => {
    const leaf = certificates.selfSigned('deleted-record');
    await service.enroll(leaf);
    const first = await devices.provision(leaf);
    await service.provisioning.deleteDeviceRegistrationState(leaf.commonName);
    await assert.rejects(service.registration(leaf.commonName), /[Nn]ot found/);
    const second = await devices.provision(leaf);
    assert.ok(second.createdDateTimeUtc > first.createdDateTimeUtc);
    assert.equal(second.substatus, 'initialAssignment');
  });

  test('A device whose hub identity was deleted gets it back by provisioning', async () => {
    const leaf = certificates.selfSigned('deleted-device');
    await service.enroll(leaf);
    await devices.provision(leaf);
    await service.registry().delete(leaf.commonName);
    await assert.rejects(devices.connect(hub, leaf), unauthorized);
    await devices.disconnect(await devices.provisionAndConnect(leaf));
  });
});
