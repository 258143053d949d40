'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Client } = require('azure-iothub');
const { scene } = require('./scene.js');
const { keyed, message } = require('./devices.js');
const { within } = require('./waiting.js');

const unauthorized = { name: 'UnauthorizedError' };

/** The provisioning SDK hands over the error of the transfer as it came. */
const unregistered = { condition: 'amqp:unauthorized-access' };

scene(__filename, { address: '127.0.0.81' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;
  const back = Client.fromConnectionString(service.hub().connectionString);

  /** Over AMQP a certificate is judged at the first link. */
  async function refused(leaf, transport) {
    const client = await devices.connect(hub, leaf, { transport });
    await assert.rejects(within(20_000, 'the message is refused', client.sendEvent(message('no'))), unauthorized);
    await devices.disconnect(client);
  }

  for (const transport of ['amqp', 'amqp-ws']) {
    const named = (name) => `${name}-${transport}`;

    /** A provisioned device, connected. */
    async function device(id, enrollment) {
      const leaf = certificates.selfSigned(named(id));
      await service.enroll(leaf, enrollment);
      return { id: named(id), leaf, client: await devices.provisionAndConnect(leaf, { transport }) };
    }

    test(`A device is provisioned over ${transport} and its telemetry arrives`, async () => {
      const leaf = certificates.selfSigned(named('sends'));
      await service.enroll(leaf);
      const registration = await devices.provision(leaf, { transport });
      assert.equal(registration.status, 'assigned');
      assert.equal(registration.assignedHub, hub);
      assert.equal(registration.deviceId, named('sends'));
      const client = await devices.connect(hub, leaf, { transport });
      const first = message('by link', { kind: 'test', empty: '', 'ü x=y&z': 'ü' });
      first.messageId = 'm-1';
      first.contentType = 'application/json';
      first.contentEncoding = 'utf-8';
      await client.sendEvent(first);
      await client.sendEvent(message('x'.repeat(200_000)));
      const lines = await service.telemetry({ count: 2, filter: (line) => line.deviceId === named('sends') });
      assert.equal(Buffer.from(lines[0].body, 'base64').toString(), 'by link');
      assert.deepEqual(lines[0].properties.application, { kind: 'test', empty: '', 'ü x=y&z': 'ü' });
      assert.equal(lines[0].properties.system['message-id'], 'm-1');
      assert.equal(lines[0].properties.system['content-type'], 'application/json');
      assert.equal(lines[0].properties.system['content-encoding'], 'utf-8');
      assert.equal(Buffer.from(lines[1].body, 'base64').length, 200_000);
      await devices.disconnect(client);
    });

    test(`Messages sent at once over ${transport} arrive in their order`, async () => {
      const { id, client } = await device('in-order');
      await Promise.all(Array.from({ length: 300 }, (_, i) => client.sendEvent(message(`${i}`))));
      const lines = await service.telemetry({ count: 300, filter: (line) => line.deviceId === id });
      assert.deepEqual(lines.map((line) => Number(Buffer.from(line.body, 'base64'))), Array.from({ length: 300 }, (_, i) => i));
      await devices.disconnect(client);
    });

    test(`Twins are read, reported and changed over ${transport}`, async () => {
      const { id, client } = await device('twin', { initialTwin: { properties: { desired: { interval: 60, old: 1 } } } });
      const twin = await within(20_000, 'the twin is read', client.getTwin());
      assert.equal(twin.properties.desired.interval, 60);
      const report = (patch) => new Promise((resolve, reject) => twin.properties.reported.update(patch, (error) => (error ? reject(error) : resolve())));
      await report({ firmware: '1.0', net: { up: true } });
      await assert.rejects(report({ big: 'x'.repeat(40_000) }));
      const told = once(twin, 'properties.desired.interval');
      await within(20_000, 'notices are asked for', new Promise((resolve) => setTimeout(resolve, 500)));
      await service.registry().updateTwin(id, { properties: { desired: { interval: 5, old: null } } }, '*');
      await within(5_000, 'the device is told', told);
      assert.equal(twin.properties.desired.interval, 5);
      assert.equal(twin.properties.desired.old, undefined);
      assert.deepEqual((await service.registry().getTwin(id)).responseBody.properties.reported.firmware, '1.0');
      await devices.disconnect(client);
    });

    test(`A method is asked and answered over ${transport}`, async () => {
      const { id, client } = await device('method');
      client.onDeviceMethod('reboot', (request, response) => response.send(207, { got: request.payload }));
      const { result } = await within(30_000, 'the method is answered', back.invokeDeviceMethod(
        id, { methodName: 'reboot', payload: { delay: 5, text: 'ü' }, connectTimeoutInSeconds: 20 }));
      assert.deepEqual(result, { status: 207, payload: { got: { delay: 5, text: 'ü' } } });
      await devices.disconnect(client);
    });

    test(`A device with a key puts its token over ${transport}, and is dropped when the key is changed`, async () => {
      const registry = service.registry();
      const key = (letter) => Buffer.from(letter.repeat(32)).toString('base64');
      const identity = (primaryKey) => ({
        deviceId: named('keyed'), status: 'enabled', authentication: { type: 'sas', symmetricKey: { primaryKey, secondaryKey: primaryKey } },
      });
      await registry.create(identity(key('a')));
      const client = await devices.connect(hub, keyed(named('keyed'), key('a')), { transport });
      await client.sendEvent(message('by token'));
      const [line] = await service.telemetry({ filter: (each) => each.deviceId === named('keyed') });
      assert.equal(Buffer.from(line.body, 'base64').toString(), 'by token');
      await assert.rejects(devices.connect(hub, keyed(named('keyed'), key('b')), { transport }), unauthorized);
      await registry.update({ ...identity(key('b')), etag: '*' });
      await within(2_000, 'the device is dropped', client.lost);
    });

    test(`Messages to a device are completed, abandoned and rejected over ${transport}`, async () => {
      const { id, client } = await device('told');
      const sender = await service.sender(transport);
      const got = [];
      const seen = (count) => within(15_000, `${count} messages are received`, new Promise((resolve) => {
        const check = () => (got.length >= count ? resolve() : setTimeout(check, 20));
        check();
      }));
      client.on('message', (message) => got.push(message));
      await sender.send(id, message('first', { kind: 'test' }));
      await seen(1);
      assert.equal(got[0].getData().toString(), 'first');
      assert.equal(got[0].properties.getItem(0).value, 'test');
      await client.abandon(got[0]);
      await seen(2);
      assert.equal(got[1].getData().toString(), 'first');
      assert.equal(got[1].messageId, got[0].messageId);
      await client.complete(got[1]);
      await sender.send(id, message('second'));
      await seen(3);
      await client.reject(got[2]);
      await sender.send(id, message('third'));
      await seen(4);
      assert.equal(got[3].getData().toString(), 'third');
      await client.complete(got[3]);
      assert.deepEqual(got.map((message) => message.getData().toString()), ['first', 'first', 'second', 'third']);
      await devices.disconnect(client);
    });

    test(`A message that waits for a device is delivered once it listens over ${transport}`, async () => {
      const { id, client } = await device('listens');
      await (await service.sender(transport)).send(id, message('while away'));
      const got = await within(15_000, 'the message is received', new Promise((resolve) => client.on('message', resolve)));
      assert.equal(got.getData().toString(), 'while away');
      await client.complete(got);
      await devices.disconnect(client);
    });

    test(`A certificate is rolled over ${transport}: staged beside the old one, used, and the old one retired`, async () => {
      const [first, second] = [certificates.selfSigned(named('roll')), certificates.selfSigned(named('roll'))];
      await service.enroll(first);
      const before = await devices.provision(first, { transport });
      const live = await devices.connect(hub, first, { transport });
      await live.sendEvent(message('old'));
      await service.editEnrollment(named('roll'), (slots) => {
        slots.secondary = { certificate: second.pem };
      });
      await live.sendEvent(message('old and alive'));
      const next = await devices.connect(hub, second, { transport });
      await next.sendEvent(message('new before it registers'));
      const after = await devices.provision(second, { transport });
      assert.equal(after.createdDateTimeUtc, before.createdDateTimeUtc);
      await service.editEnrollment(named('roll'), (slots) => {
        delete slots.primary;
      });
      await next.sendEvent(message('new'));
      await assert.rejects(devices.provision(first, { transport }), unregistered);
      await refused(first, transport);
      await devices.disconnect(next);
    });

    test(`Retiring a certificate drops its live connection over ${transport} within two seconds`, async () => {
      const [first, second] = [certificates.selfSigned(named('drop')), certificates.selfSigned(named('drop'))];
      await service.enroll(first, { secondary: second });
      const live = await devices.provisionAndConnect(first, { transport });
      await live.sendEvent(message('alive'));
      await service.editEnrollment(named('drop'), (slots) => {
        delete slots.primary;
      });
      await within(2_000, 'the connection of the retired leaf is dropped', live.lost);
    });

    for (const [from, to] of [['mqtt', transport], [transport, 'mqtt'], [transport, transport]]) {
      test(`A connection over ${to} takes over from one over ${from}`, async () => {
        const leaf = certificates.selfSigned(`takeover-${from}-${to}`);
        await service.enroll(leaf);
        const old = await devices.provisionAndConnect(leaf, { transport: from });
        await old.sendEvent(message('mine'));
        const next = await devices.connect(hub, leaf, { transport: to });
        await next.sendEvent(message('now mine'));
        await within(2_000, 'the older connection is dropped', old.lost);
        await next.sendEvent(message('still mine'));
        await devices.disconnect(next);
      });
    }

    test(`A device that is not enrolled is refused over ${transport} as unauthorized`, async () => {
      const leaf = certificates.selfSigned(named('stranger'));
      await assert.rejects(devices.provision(leaf, { transport }), unregistered);
      await refused(leaf, transport);
    });

    test(`The SDK comes back over ${transport} by itself after its connection was dropped`, async () => {
      const leaf = certificates.selfSigned(named('back'));
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
  }
});
