'use strict';

// Devices as their makers write them: opened once, never touched again, whatever happens to the connection or the server.
const assert = require('node:assert/strict');
const { Client } = require('azure-iothub');
const { ModuleClient } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { body } = require('./service.js');
const { within, eventually } = require('./waiting.js');

scene(__filename, { address: '127.0.0.73' }, ({ test, info, certificates, devices, service, restart }) => {
  const hub = info.hubs[0].hostName;
  const registry = service.registry();
  const back = Client.fromConnectionString(service.hub().connectionString);

  async function device(id) {
    const leaf = certificates.selfSigned(id);
    await service.enroll(leaf);
    await devices.provision(leaf);
    const client = devices.client(hub, leaf);
    await client.open();
    client.onDeviceMethod('ping', (request, response) => response.send(200, request.payload));
    return {
      client,
      twin: await client.getTwin(),
      change: (desired) => registry.updateTwin(id, { properties: { desired } }, '*'),
      ask: (request) => back.invokeDeviceMethod(id, request),
      isConnected: async () => body(await registry.get(id)).connectionState === 'Connected',
    };
  }

  async function module(id) {
    await registry.create({ deviceId: id });
    const { authentication } = body(await registry.addModule({ deviceId: id, moduleId: 'mod' }));
    const client = ModuleClient.fromConnectionString(
      `HostName=${hub};DeviceId=${id};ModuleId=mod;SharedAccessKey=${authentication.symmetricKey.secondaryKey}`, Mqtt);
    client.on('error', () => {});
    await client.open();
    client.onMethod('ping', (request, response) => response.send(200, request.payload));
    return {
      client,
      twin: await client.getTwin(),
      change: (desired) => registry.updateModuleTwin(id, 'mod', { properties: { desired } }, '*'),
      ask: (request) => back.invokeDeviceMethod(id, 'mod', request),
      isConnected: async () => body(await registry.getModule(id, 'mod')).connectionState === 'Connected',
    };
  }

  /** What a client is told of its desired properties from now on; the SDK subscribes behind the back of the caller. */
  async function listen(one) {
    one.told = new Set();
    one.twin.on('properties.desired', (changed) => one.told.add(changed.number));
    await eventually(20_000, 'the subscription to desired properties is there', async () => {
      await one.change({ number: 0, again: Math.random() });
      await new Promise((resolve) => setTimeout(resolve, 100));
      return one.told.size > 0;
    });
    return one;
  }

  /** Everything that rests on a subscription works. */
  async function works({ twin, change, ask, told }) {
    const number = Math.floor(Math.random() * 1e9);
    const { result } = await within(60_000, 'a method is answered', ask({ methodName: 'ping', payload: number, connectTimeoutInSeconds: 30 }));
    assert.equal(result.payload, number);
    await change({ number });
    await eventually(10_000, 'the client is told of a change', () => told.has(number));
    await within(10_000, 'the twin is read', new Promise((resolve, reject) => twin.get((error) => (error ? reject(error) : resolve()))));
    assert.equal(twin.properties.desired.number, number);
  }

  for (const [kind, make] of [['device', device], ['module', module]]) {
    test(`A ${kind} whose connection is cut works again by itself`, async () => {
      const one = await listen(await make(`cut-${kind}`));
      await works(one);
      const { stream } = one.client._transport._mqtt._mqttClient;
      stream.destroy();
      await eventually(10_000, 'the connection is gone', async () => one.client._transport._mqtt._mqttClient?.stream !== stream);
      await eventually(30_000, `the ${kind} is back`, one.isConnected);
      await works(one);
      await one.client.close();
    });

    for (const signal of ['SIGTERM', 'SIGKILL']) {
      test(`A ${kind} works again by itself after ${signal} of the server`, async () => {
        const one = await listen(await make(`${signal.toLowerCase()}-${kind}`));
        await works(one);
        await restart(signal);
        await eventually(60_000, `the ${kind} is back`, one.isConnected);
        await works(one);
        await one.client.sendEvent(message('back'));
        await one.client.close();
      });
    }
  }

  test('A device that says good-bye keeps its subscriptions for the next time', async () => {
    const one = await listen(await device('good-bye'));
    await works(one);
    await one.client.close();
    await assert.rejects(one.ask({ methodName: 'ping' }), (error) => error.response.statusCode === 404);
    await one.client.open();
    await works(one);
    await one.client.close();
  });
});
