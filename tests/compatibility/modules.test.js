'use strict';

const assert = require('node:assert/strict');
const { Client } = require('azure-iothub');
const { ModuleClient } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { body } = require('./service.js');
const { within, eventually } = require('./waiting.js');

scene(__filename, { address: '127.0.0.72' }, ({ test, info, service }) => {
  const hub = info.hubs[0].hostName;
  const registry = service.registry();

  /** A device and a module of it, made by hand. */
  async function module(deviceId, moduleId) {
    const device = body(await registry.create({ deviceId }));
    const made = body(await registry.addModule({ deviceId, moduleId }));
    return { device, made };
  }

  async function connect(connectionString) {
    const client = ModuleClient.fromConnectionString(connectionString, Mqtt);
    client.on('error', () => {});
    await within(30_000, `${connectionString.slice(0, 60)} connects`, client.open());
    return client;
  }

  const withKey = ({ deviceId, moduleId, authentication }) =>
    `HostName=${hub};DeviceId=${deviceId};ModuleId=${moduleId};SharedAccessKey=${authentication.symmetricKey.primaryKey}`;

  const close = (client) => within(5_000, 'the module closes', client.close());

  test('Modules are added, read, listed, updated and removed by the service SDK', async () => {
    const { made } = await module('registry', 'first');
    assert.equal(made.moduleId, 'first');
    assert.equal(made.deviceId, 'registry');
    assert.equal('status' in made, false);
    assert.equal(Buffer.from(made.authentication.symmetricKey.primaryKey, 'base64').length, 32);
    await registry.addModule({ deviceId: 'registry', moduleId: 'second', managedBy: 'me' });
    const listed = body(await registry.getModulesOnDevice('registry'));
    assert.deepEqual(listed.map((one) => one.moduleId).sort(), ['first', 'second']);
    const read = body(await registry.getModule('registry', 'second'));
    assert.equal(read.managedBy, 'me');
    const updated = body(await registry.updateModule({ ...read, managedBy: 'you' }, true));
    assert.equal(updated.managedBy, 'you');
    assert.notEqual(updated.etag, read.etag);
    await assert.rejects(registry.addModule({ deviceId: 'registry', moduleId: 'first' }), { name: 'DeviceAlreadyExistsError' });
    await assert.rejects(registry.addModule({ deviceId: 'nobody', moduleId: 'first' }), { name: 'DeviceNotFoundError' });
    await registry.removeModule('registry', 'second');
    await assert.rejects(registry.getModule('registry', 'second'), (error) => error.response.statusCode === 404);
    assert.deepEqual(body(await registry.list()).map((device) => device.deviceId).filter((id) => id.includes('/')), []);
  });

  test('A module sends telemetry that is stamped with both ids', async () => {
    const { made } = await module('sends', 'gauge');
    const client = await connect(withKey(made));
    await client.sendOutputEvent('alarms', message('hot', { level: '3' }));
    await client.sendEvent(message('plain'));
    const lines = await service.telemetry({ count: 2, filter: (line) => line.deviceId === 'sends' });
    assert.deepEqual(lines.map((line) => Buffer.from(line.body, 'base64').toString()), ['hot', 'plain']);
    const { system, application } = lines[0].properties;
    assert.equal(lines[0].moduleId, 'gauge');
    assert.equal(system['iothub-connection-device-id'], 'sends');
    assert.equal(system['iothub-connection-module-id'], 'gauge');
    assert.equal(JSON.parse(system['iothub-connection-auth-method']).scope, 'module');
    assert.equal(application.level, '3');
    await close(client);
  });

  test('A module has a twin of its own', async () => {
    const { made } = await module('twins', 'own');
    const client = await connect(withKey(made));
    const twin = await client.getTwin();
    const told = new Promise((resolve) => twin.on('properties.desired', (change) => change.interval && resolve(change.interval)));
    await registry.updateModuleTwin('twins', 'own', { properties: { desired: { interval: 7 } } }, '*');
    assert.equal(await within(5_000, 'the module is told', told), 7);
    await new Promise((resolve, reject) => twin.properties.reported.update({ seen: 7 }, (error) => (error ? reject(error) : resolve())));
    const stored = body(await registry.getModuleTwin('twins', 'own'));
    assert.equal(stored.moduleId, 'own');
    assert.equal(stored.properties.reported.seen, 7);
    assert.equal(body(await registry.getTwin('twins')).properties.reported.seen, undefined);
    await close(client);
  });

  test('A module answers methods, beside its device', async () => {
    const { device, made } = await module('asked', 'answers');
    const back = Client.fromConnectionString(service.hub().connectionString);
    const client = await connect(withKey(made));
    client.onMethod('add', (request, response) => response.send(200, request.payload[0] + request.payload[1]));
    const { result } = await back.invokeDeviceMethod('asked', 'answers', { methodName: 'add', payload: [1, 2], connectTimeoutInSeconds: 20 });
    assert.deepEqual(result, { status: 200, payload: 3 });
    await assert.rejects(
      back.invokeDeviceMethod('asked', { methodName: 'add' }), (error) => error.response.statusCode === 404, 'the device itself is not there');
    assert.equal(device.deviceId, 'asked');
    await close(client);
  });

  test('Disabling the device keeps its modules out, and deleting it deletes them', async () => {
    const { device, made } = await module('off', 'too');
    const client = await connect(withKey(made));
    const state = async () => body(await registry.getModule('off', 'too')).connectionState;
    assert.equal(await state(), 'Connected');
    await registry.update({ ...device, status: 'disabled' });
    await eventually(5_000, 'the module is dropped', state, (now) => now === 'Disconnected');
    await client.close().catch(() => {});
    await assert.rejects(connect(withKey(made)), { name: 'UnauthorizedError' });
    await registry.delete('off');
    await assert.rejects(registry.getModule('off', 'too'), { name: 'DeviceNotFoundError' });
  });
});
