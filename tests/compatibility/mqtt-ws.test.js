'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { within } = require('./waiting.js');

const unauthorized = { name: 'UnauthorizedError' };
const transport = 'mqtt-ws';

scene(__filename, { address: '127.0.0.21' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;

  test('A device is provisioned over a WebSocket and its telemetry arrives', async () => {
    const leaf = certificates.selfSigned('wrapped');
    await service.enroll(leaf);
    const registration = await devices.provision(leaf, { transport });
    assert.equal(registration.status, 'assigned');
    assert.equal(registration.assignedHub, hub);
    const client = await devices.connect(hub, leaf, { transport });
    await client.sendEvent(message('by socket', { kind: 'test' }));
    await client.sendEvent(message('x'.repeat(100_000)));
    const lines = await service.telemetry({ count: 2, filter: (line) => line.deviceId === 'wrapped' });
    assert.equal(Buffer.from(lines[0].body, 'base64').toString(), 'by socket');
    assert.equal(lines[0].properties.application.kind, 'test');
    assert.equal(Buffer.from(lines[1].body, 'base64').length, 100_000);
    await devices.disconnect(client);
  });

  test('Twins are read, reported and changed over a WebSocket', async () => {
    const leaf = certificates.selfSigned('socket-twin');
    await service.enroll(leaf, { initialTwin: { properties: { desired: { interval: 60 } } } });
    const client = await devices.provisionAndConnect(leaf, { transport });
    const twin = await client.getTwin();
    assert.equal(twin.properties.desired.interval, 60);
    await new Promise((resolve, reject) => twin.properties.reported.update({ firmware: '1.0' }, (error) => (error ? reject(error) : resolve())));
    const told = once(twin, 'properties.desired.interval');
    await service.registry().updateTwin('socket-twin', { properties: { desired: { interval: 5 } } }, '*');
    await within(5_000, 'the device is told', told);
    assert.equal(twin.properties.desired.interval, 5);
    assert.equal((await service.registry().getTwin('socket-twin')).responseBody.properties.reported.firmware, '1.0');
    await devices.disconnect(client);
  });

  test('A certificate is rolled over a WebSocket: staged beside the old one, used, and the old one retired', async () => {
    const [first, second] = [certificates.selfSigned('socket-roll'), certificates.selfSigned('socket-roll')];
    await service.enroll(first);
    const before = await devices.provision(first, { transport });
    const live = await devices.connect(hub, first, { transport });
    await service.editEnrollment('socket-roll', (slots) => {
      slots.secondary = { certificate: second.pem };
    });
    await live.sendEvent(message('old and alive'));
    const after = await devices.provision(second, { transport });
    assert.equal(after.createdDateTimeUtc, before.createdDateTimeUtc);
    const renewed = await devices.connect(hub, second, { transport });
    await service.editEnrollment('socket-roll', (slots) => {
      delete slots.primary;
    });
    await renewed.sendEvent(message('new'));
    await assert.rejects(devices.provision(first, { transport }), unauthorized);
    await assert.rejects(devices.connect(hub, first, { transport }), unauthorized);
    await devices.disconnect(renewed);
  });

  test('Retiring a certificate drops its live WebSocket', async () => {
    const [first, second] = [certificates.selfSigned('socket-drop'), certificates.selfSigned('socket-drop')];
    await service.enroll(first, { secondary: second });
    const live = await devices.provisionAndConnect(first, { transport });
    await service.editEnrollment('socket-drop', (slots) => {
      delete slots.primary;
    });
    await within(2_000, 'the WebSocket of the retired leaf is dropped', live.lost);
  });

  for (const [from, to] of [['mqtt', transport], [transport, 'mqtt'], [transport, transport]]) {
    test(`A connection over ${to} takes over from one over ${from}`, async () => {
      const leaf = certificates.selfSigned(`takeover-${from}-${to}`);
      await service.enroll(leaf);
      const old = await devices.provisionAndConnect(leaf, { transport: from });
      const next = await devices.connect(hub, leaf, { transport: to });
      await within(2_000, 'the older connection is dropped', old.lost);
      await next.sendEvent(message('mine'));
      await devices.disconnect(next);
    });
  }

  test('A device that is not enrolled is refused over a WebSocket as unauthorized', async () => {
    const leaf = certificates.selfSigned('socket-stranger');
    await assert.rejects(devices.provision(leaf, { transport }), unauthorized);
    await assert.rejects(devices.connect(hub, leaf, { transport }), unauthorized);
  });

  test('The SDK comes back over a WebSocket by itself after its connection was dropped', async () => {
    const leaf = certificates.selfSigned('socket-back');
    await service.enroll(leaf);
    await devices.provision(leaf, { transport });
    const client = devices.client(hub, leaf, { transport });
    await client.open();
    await client.sendEvent(message('before'));
    const thief = await devices.connect(hub, leaf);
    await devices.disconnect(thief);
    await within(60_000, 'the client sends again', client.sendEvent(message('after')));
    await devices.disconnect(client);
  });
});
