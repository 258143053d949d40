'use strict';

const assert = require('node:assert/strict');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { within } = require('./waiting.js');

const unauthorized = { name: 'UnauthorizedError' };

scene(__filename, { address: '127.0.0.12' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;

  test('A leaf staged in the secondary slot works at once, and back by the primary slot', async () => {
    const [first, second, third] = [1, 2, 3].map(() => certificates.selfSigned('pump'));
    await service.enroll(first);
    await devices.disconnect(await devices.provisionAndConnect(first));
    await assert.rejects(devices.connect(hub, second), unauthorized);

    await service.editEnrollment('pump', (slots) => {
      slots.secondary = { certificate: second.pem };
    });
    for (const leaf of [second, first]) {
      await devices.disconnect(await devices.connect(hub, leaf));
      await devices.disconnect(await devices.connect(hub, leaf, { transport: 'http' }));
    }

    await service.editEnrollment('pump', (slots) => {
      slots.primary = { certificate: third.pem };
    });
    await devices.disconnect(await devices.connect(hub, third));
    await devices.disconnect(await devices.connect(hub, second));
    await assert.rejects(devices.connect(hub, first), unauthorized);
  });

  test('Saving what was read keeps the certificates of both slots', async () => {
    const [first, second] = [certificates.selfSigned('saved-again'), certificates.selfSigned('saved-again')];
    await service.enroll(first, { secondary: second });
    const saved = await service.editEnrollment('saved-again', (slots) => {
      assert.equal(slots.primary.info.sha256Thumbprint, first.sha256);
      delete slots.primary.certificate;
      delete slots.secondary.certificate;
    });
    assert.equal(saved.attestation.x509.clientCertificates.secondary.info.sha256Thumbprint, second.sha256);
    assert.equal((await devices.provision(first)).status, 'assigned');
    assert.equal((await devices.provision(second)).status, 'assigned');
  });

  test('Retiring a slot drops the live connection of its leaf, refuses it, and touches nothing else', async () => {
    const [first, second] = [certificates.selfSigned('valve'), certificates.selfSigned('valve')];
    const neighbour = certificates.selfSigned('neighbour');
    await service.enroll(neighbour);
    const bystander = await devices.provisionAndConnect(neighbour);
    await service.enroll(first, { secondary: second });
    const live = await devices.provisionAndConnect(first);

    await service.editEnrollment('valve', (slots) => {
      delete slots.primary;
    });
    await within(2_000, 'the connection of the retired leaf is dropped', live.lost);
    await assert.rejects(devices.connect(hub, first), unauthorized);
    await assert.rejects(devices.provision(first), unauthorized);
    await devices.disconnect(await devices.connect(hub, second));
    await bystander.sendEvent(message('still here'));
    await devices.disconnect(bystander);
  });

  test('A connection lives on while another slot changes', async () => {
    const [first, second, third] = [1, 2, 3].map(() => certificates.selfSigned('calm'));
    await service.enroll(first, { secondary: second });
    const live = await devices.provisionAndConnect(first);
    let lost = false;
    live.lost.then(() => (lost = true));
    await service.editEnrollment('calm', (slots) => {
      slots.secondary = { certificate: third.pem };
    });
    await live.sendEvent(message('one'));
    await service.editEnrollment('calm', (slots) => {
      delete slots.secondary;
    });
    await live.sendEvent(message('two'));
    assert.equal(lost, false);
    await devices.disconnect(live);
  });

  test('A certificate moved from one slot to the other stays accepted without a break', async () => {
    const [first, second] = [certificates.selfSigned('moved'), certificates.selfSigned('moved')];
    await service.enroll(first, { secondary: second });
    const live = await devices.provisionAndConnect(second);
    await service.editEnrollment('moved', (slots) => {
      slots.primary = slots.secondary;
      delete slots.primary.certificate;
      delete slots.secondary;
    });
    await live.sendEvent(message('through'));
    await assert.rejects(devices.connect(hub, first), unauthorized);
    await devices.disconnect(live);
  });

  test('One record, one device and one twin live through a roll', async () => {
    const [first, second] = [certificates.selfSigned('same-device'), certificates.selfSigned('same-device')];
    await service.enroll(first, { initialTwin: { tags: { site: 'south' } } });
    const before = await devices.provision(first);
    const registry = service.registry();
    const device = (await registry.get('same-device')).responseBody;
    await registry.updateTwin('same-device', { tags: { shelf: 3 }, properties: { desired: { interval: 5 } } }, '*');

    await service.editEnrollment('same-device', (slots) => {
      slots.secondary = { certificate: second.pem };
    });
    const after = await devices.provision(second);
    assert.equal(after.createdDateTimeUtc, before.createdDateTimeUtc);
    assert.ok(after.lastUpdatedDateTimeUtc > before.lastUpdatedDateTimeUtc);
    assert.notEqual(after.etag, before.etag);
    const twin = (await registry.getTwin('same-device')).responseBody;
    assert.equal(twin.tags.site, 'south');
    assert.equal(twin.tags.shelf, 3);
    assert.equal(twin.properties.desired.interval, 5);
    assert.equal((await registry.get('same-device')).responseBody.generationId, device.generationId);
  });

  test('Telemetry keeps its order and loses nothing over a roll', async () => {
    const [first, second] = [certificates.selfSigned('stream'), certificates.selfSigned('stream')];
    await service.enroll(first);
    await devices.provision(first);
    const each = 40;
    let client = await devices.connect(hub, first);
    for (let number = 0; number < each; number++) {
      await client.sendEvent(message(String(number)));
    }
    await service.editEnrollment('stream', (slots) => {
      slots.secondary = { certificate: second.pem };
    });
    await client.sendEvent(message(String(each)));
    await devices.disconnect(client);
    client = await devices.connect(hub, second);
    await service.editEnrollment('stream', (slots) => {
      delete slots.primary;
    });
    for (let number = each + 1; number < 2 * each; number++) {
      await client.sendEvent(message(String(number)));
    }
    const lines = await service.telemetry({ count: 2 * each, filter: (line) => line.deviceId === 'stream' });
    assert.deepEqual(lines.map((line) => Number(Buffer.from(line.body, 'base64'))), Array.from({ length: 2 * each }, (_, number) => number));
    assert.ok(lines.every((line, index) => index === 0 || line.sequence > lines[index - 1].sequence));
    await devices.disconnect(client);
  });
});
