'use strict';

const assert = require('node:assert/strict');
const { Client } = require('azure-iothub');
const { scene } = require('./scene.js');
const { within } = require('./waiting.js');

scene(__filename, { address: '127.0.0.71' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;
  const back = Client.fromConnectionString(service.hub().connectionString);
  const invoke = async (id, request) => (await within(60_000, `${request.methodName} of ${id} ends`, back.invokeDeviceMethod(id, request))).result;

  /** A provisioned device, connected, with its methods. */
  async function device(id, methods = {}) {
    const leaf = certificates.selfSigned(id);
    await service.enroll(leaf);
    const client = await devices.provisionAndConnect(leaf);
    for (const [name, method] of Object.entries(methods)) {
      client.onDeviceMethod(name, method);
    }
    return client;
  }

  /** Waits until the subscription that the SDK makes with the first method is there. */
  const subscribed = (id, name) => invoke(id, { methodName: name, connectTimeoutInSeconds: 20 });

  test('A method carries its payload to the device and the answer back', async () => {
    const seen = [];
    const client = await device('answers', {
      reboot: (request, response) => {
        seen.push([request.methodName, request.payload]);
        response.send(200, { done: true, text: 'ü' });
      },
    });
    const result = await invoke('answers', { methodName: 'reboot', payload: { delay: 5, deep: [1, { a: null }] }, connectTimeoutInSeconds: 20 });
    assert.deepEqual(result, { status: 200, payload: { done: true, text: 'ü' } });
    assert.deepEqual(seen, [['reboot', { delay: 5, deep: [1, { a: null }] }]]);
    await devices.disconnect(client);
  });

  test('The status of the device is the answer, whatever it is', async () => {
    const client = await device('refuses', { m: (_, response) => response.send(418, 'no') });
    assert.deepEqual(await subscribed('refuses', 'm'), { status: 418, payload: 'no' });
    await devices.disconnect(client);
  });

  test('Without a payload the device gets null, and may answer with nothing', async () => {
    let payload;
    const client = await device('null', { m: (request, response) => {
      payload = request.payload;
      response.send(204);
    } });
    assert.deepEqual(await subscribed('null', 'm'), { status: 204, payload: null });
    assert.equal(payload, null);
    await devices.disconnect(client);
  });

  test('Methods run side by side', async () => {
    const waiting = [];
    const client = await device('parallel', {
      ready: (_, response) => response.send(200),
      m: (request, response) => {
        waiting.push(() => response.send(200, request.payload));
        if (waiting.length === 5) {
          waiting.reverse().forEach((answer) => answer());
        }
      },
    });
    await subscribed('parallel', 'ready');
    const results = await Promise.all([1, 2, 3, 4, 5].map((payload) => invoke('parallel', { methodName: 'm', payload })));
    assert.deepEqual(results.map((result) => result.payload), [1, 2, 3, 4, 5]);
    await devices.disconnect(client);
  });

  test('An unknown device is not found, and a known one that is not there is not online', async () => {
    await assert.rejects(invoke('nobody', { methodName: 'm' }), { name: 'DeviceNotFoundError' });
    await service.registry().create({ deviceId: 'offline' });
    await assert.rejects(invoke('offline', { methodName: 'm' }), (error) => {
      assert.match(error.responseBody, /404103/);
      return error.response.statusCode === 404;
    });
  });

  test('A device without a subscription to methods is not online', async () => {
    const client = await device('deaf');
    await assert.rejects(invoke('deaf', { methodName: 'm' }), (error) => error.response.statusCode === 404);
    await devices.disconnect(client);
  });

  test('A device that does not answer is given up in time', async () => {
    const client = await device('silent', { ready: (_, response) => response.send(200), m: () => {} });
    await subscribed('silent', 'ready');
    const started = Date.now();
    await assert.rejects(invoke('silent', { methodName: 'm', responseTimeoutInSeconds: 5 }), { name: 'GatewayTimeoutError' });
    assert.ok(Date.now() - started < 6_000);
    await devices.disconnect(client);
  });

  test('A device that connects within the connect time is asked', async () => {
    const leaf = certificates.selfSigned('comes-late');
    await service.enroll(leaf);
    await devices.provision(leaf);
    const asked = invoke('comes-late', { methodName: 'm', connectTimeoutInSeconds: 25 });
    const client = await devices.connect(hub, leaf);
    client.onDeviceMethod('m', (_, response) => response.send(200, 'here'));
    assert.deepEqual(await asked, { status: 200, payload: 'here' });
    await devices.disconnect(client);
  });

  test('Time-outs and names outside their bounds are refused', async () => {
    await service.registry().create({ deviceId: 'bounds' });
    for (const request of [
      { methodName: 'a/b' },
      { methodName: 'm', responseTimeoutInSeconds: 4 },
      { methodName: 'm', responseTimeoutInSeconds: 5, connectTimeoutInSeconds: 6 },
    ]) {
      await assert.rejects(invoke('bounds', request), { name: 'ArgumentError' }, JSON.stringify(request));
    }
  });
});
