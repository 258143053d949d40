'use strict';

// Every act over every transport that an SDK has it for: what docs/compatibility.md claims. One device for each transport lives through all of them.
const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Client } = require('azure-iothub');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { within } = require('./waiting.js');

// The HTTPS transport of the device SDK knows no twins and no methods; it asks for messages by an interval, which devicebound.test.js sets.
const every = ['twin', 'method', 'devicebound'];
const transports = { mqtt: every, 'mqtt-ws': every, amqp: every, 'amqp-ws': every, http: [] };

// Over AMQP the provisioning SDK hands over the error of the transfer as it came.
const unauthorized = (transport) => transport.startsWith('amqp') ? { condition: 'amqp:unauthorized-access' } : { name: 'UnauthorizedError' };

scene(__filename, { address: '127.0.0.22' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;
  const registry = service.registry();
  const back = Client.fromConnectionString(service.hub().connectionString);

  for (const [transport, acts] of Object.entries(transports)) {
    const id = `all-${transport}`;
    let leaf;
    let client;
    const has = (act, name, run) => acts.includes(act) && test(name, run);

    test(`Provision over ${transport}`, async () => {
      leaf = certificates.selfSigned(id);
      await service.enroll(leaf, { initialTwin: { properties: { desired: { interval: 60 } } } });
      const registration = await devices.provision(leaf, { transport });
      assert.equal(registration.status, 'assigned');
      assert.equal(registration.assignedHub, hub);
      client = await devices.connect(hub, leaf, { transport });
    });

    test(`Telemetry over ${transport}`, async () => {
      await client.sendEvent(message('one', { kind: transport }));
      await client.sendEvent(message('two'));
      const lines = await service.telemetry({ count: 2, filter: (line) => line.deviceId === id });
      assert.equal(lines.length, 2);
      assert.equal(lines[0].properties.application.kind, transport);
    });

    has('twin', `Twin over ${transport}`, async () => {
      const twin = await client.getTwin();
      assert.equal(twin.properties.desired.interval, 60);
      const told = once(twin, 'properties.desired.interval');
      await registry.updateTwin(id, { properties: { desired: { interval: 5 } } }, '*');
      await within(5_000, 'the device is told', told);
      await new Promise((resolve, reject) => twin.properties.reported.update({ interval: 5 }, (error) => (error ? reject(error) : resolve())));
      assert.equal((await registry.getTwin(id)).responseBody.properties.reported.interval, 5);
    });

    has('method', `Method over ${transport}`, async () => {
      client.onDeviceMethod('blink', (request, response) => response.send(200, { times: request.payload.times }));
      const { result } = await within(30_000, 'the method is answered', back.invokeDeviceMethod(
        id, { methodName: 'blink', payload: { times: 3 }, connectTimeoutInSeconds: 20, responseTimeoutInSeconds: 20 }));
      assert.deepEqual(result, { status: 200, payload: { times: 3 } });
    });

    has('devicebound', `Cloud-to-device over ${transport}`, async () => {
      // The SDK ends the link of messages with their last listener, and completes on the link.
      const received = new Promise((resolve) => client.on('message', resolve));
      const sender = await service.sender();
      await within(10_000, 'the message is accepted', sender.send(id, message('wake up', { kind: transport })));
      const got = await within(10_000, 'the message is received', received);
      assert.equal(got.getData().toString(), 'wake up');
      assert.equal(got.properties.getItem(0).value, transport);
      await client.complete(got);
    });

    test(`Roll over ${transport}`, async () => {
      const next = certificates.selfSigned(id);
      await service.editEnrollment(id, (slots) => {
        slots.secondary = { certificate: next.pem };
      });
      await client.sendEvent(message('by the old one'));
      await devices.disconnect(client);
      const renewed = await devices.connect(hub, next, { transport });
      await renewed.sendEvent(message('by the new one'));
      await service.editEnrollment(id, (slots) => {
        delete slots.primary;
      });
      await assert.rejects(devices.provision(leaf, { transport }), unauthorized(transport));
      await renewed.sendEvent(message('and again'));
      const lines = await service.telemetry({ count: 5, filter: (line) => line.deviceId === id });
      assert.deepEqual(lines.slice(-3).map((line) => Buffer.from(line.body, 'base64').toString()), ['by the old one', 'by the new one', 'and again']);
      await devices.disconnect(renewed);
    });
  }
});
