'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Message } = require('azure-iot-common');
const { scene } = require('./scene.js');
const { within, eventually } = require('./waiting.js');

scene(__filename, { address: '127.0.0.31' }, ({ test, info, certificates, devices, service, restart }) => {
  const hub = info.hubs[0].hostName;
  const registry = service.registry();
  const waiting = async (id) => (await registry.get(id)).responseBody.cloudToDeviceMessageCount;
  const purge = async (id) => (await service.hubRequest('DELETE', `/devices/${id}/commands?api-version=2021-04-12`)).body;

  /** A device with a registered leaf, not connected. */
  async function enrolled(id) {
    const leaf = certificates.selfSigned(id);
    await service.enroll(leaf);
    await devices.provision(leaf);
    return leaf;
  }

  function message(body, { ack, id, expiry, properties = {} } = {}) {
    const made = new Message(body);
    Object.assign(made, ack && { ack }, id && { messageId: id }, expiry && { expiryTimeUtc: expiry });
    Object.entries(properties).forEach(([key, value]) => made.properties.add(key, value));
    return made;
  }

  /** Collects what a device receives; settles it when told how. */
  function inbox(client, settle = (received) => client.complete(received)) {
    const received = [];
    client.on('message', (one) => {
      received.push(one);
      settle?.(one);
    });
    return received;
  }

  const next = (received, count = 1) => eventually(10_000, `${count} messages are received`, () => received.length, (length) => length >= count);

  for (const transport of ['amqp', 'amqp-ws']) {
    test(`A back end over ${transport} sends to a connected device over MQTT`, async () => {
      const leaf = await enrolled(`to-mqtt-${transport}`);
      const client = await devices.connect(hub, leaf);
      const received = inbox(client);
      const sender = await service.sender(transport);
      const sent = message('hello', { id: 'm 1/ü', ack: 'full', properties: { 'a b': 'x=y&z', empty: '', ü: '%' } });
      sent.contentType = 'application/json';
      sent.correlationId = 'c-1';
      await within(10_000, 'the message is accepted', sender.send(leaf.commonName, sent));
      await next(received);
      const [got] = received;
      assert.equal(got.getData().toString(), 'hello');
      assert.equal(got.messageId, 'm 1/ü');
      assert.equal(got.correlationId, 'c-1');
      assert.equal(got.contentType, 'application/json');
      assert.equal(got.to, `/devices/${leaf.commonName}/messages/devicebound`);
      const properties = Object.fromEntries(got.properties.propertyList.map(({ key, value }) => [key, value]));
      assert.deepEqual([properties['a b'], properties.empty, properties.ü], ['x=y&z', '', '%']);
      await eventually(5_000, 'the message is completed', () => waiting(leaf.commonName), (count) => count === 0);
      await devices.disconnect(client);
    });
  }

  test('What is sent to a device that is away waits for it, in order, also through a kill -9', async () => {
    const leaf = await enrolled('away');
    const sender = await service.sender('amqp');
    for (let i = 0; i < 20; i++) {
      await sender.send('away', message(`${i}`));
    }
    assert.equal(await waiting('away'), 20);
    await restart('SIGKILL');
    assert.equal(await waiting('away'), 20);
    const client = await devices.connect(hub, leaf);
    const received = inbox(client);
    await next(received, 20);
    assert.deepEqual(received.map((one) => one.getData().toString()), Array.from({ length: 20 }, (_, i) => `${i}`));
    await eventually(5_000, 'all are completed', () => waiting('away'), (count) => count === 0);
    assert.equal((await service.hubRequest('GET', '/twins/away')).body.cloudToDeviceMessageCount, 0);
    await devices.disconnect(client);
  });

  test('A device that subscribed before a restart is sent to after it, without asking again', async () => {
    const leaf = await enrolled('stays');
    const client = devices.client(hub, leaf);
    const received = inbox(client);
    await within(30_000, 'the device connects', client.open());
    await (await service.sender('amqp')).send('stays', message('before'));
    await next(received);
    await restart('SIGTERM');
    await eventually(30_000, 'the device is back', async () => (await registry.get('stays')).responseBody.connectionState, (state) => state === 'Connected');
    await (await service.sender('amqp')).send('stays', message('after'));
    await next(received, 2);
    assert.deepEqual(received.map((one) => one.getData().toString()), ['before', 'after']);
    await devices.disconnect(client);
  });

  for (const [name, transport] of [['HTTPS', 'http'], ['AMQP', 'amqp']]) {
    test(`Over ${name} a device completes, abandons and rejects under a lock`, async () => {
      const id = `over-${transport}`;
      const [kept, refused] = [`${id}-1`, `${id}-2`];
      const leaf = await enrolled(id);
      const sender = await service.sender('amqp');
      const feedback = await service.feedback(sender);
      const asked = { ack: 'full', properties: { p: 'v w' } };
      await sender.send(id, message('one', { ...asked, id: kept }));
      await sender.send(id, message('two', { ...asked, id: refused }));
      const client = await devices.connect(hub, leaf, { transport });
      client.setOptions({ http: { receivePolicy: { interval: 1 } } }, () => {});
      const seen = [];
      client.on('message', (one) => {
        seen.push(one.messageId);
        const settle = one.messageId === refused ? 'reject' : seen.filter((each) => each === kept).length === 1 ? 'abandon' : 'complete';
        client[settle](one);
      });
      await eventually(30_000, 'both are settled', () => waiting(id), (count) => count === 0);
      assert.deepEqual(seen.filter((each) => each === kept).length, 2);
      client.removeAllListeners('message');
      await devices.disconnect(client);
      const records = await feedback([kept, refused]);
      assert.deepEqual(
        records.map(({ originalMessageId, statusCode }) => [originalMessageId, statusCode]).sort(), [[kept, 'Success'], [refused, 'Rejected']]);
      assert.ok(records.every(({ deviceId, deviceGenerationId }) => deviceId === id && deviceGenerationId));
    });
  }

  test('Telemetry over HTTPS, alone and in a batch, arrives', async () => {
    const leaf = await enrolled('https-telemetry');
    const client = await devices.connect(hub, leaf, { transport: 'http' });
    await client.sendEvent(message('single', { properties: { p: 'v w' } }));
    await client.sendEventBatch([message('first'), message('second')]);
    const lines = await service.telemetry({ count: 3, filter: ({ deviceId }) => deviceId === 'https-telemetry' });
    assert.deepEqual(lines.map(({ body }) => Buffer.from(body, 'base64').toString()), ['single', 'first', 'second']);
    await devices.disconnect(client);
  });

  test('The 51st message is refused, and purging makes room', async () => {
    await enrolled('full');
    const sender = await service.sender('amqp');
    for (let i = 0; i < 50; i++) {
      await sender.send('full', message(`${i}`));
    }
    await assert.rejects(sender.send('full', message('one more')), { name: 'DeviceMaximumQueueDepthExceededError' });
    assert.deepEqual(await purge('full'), { totalMessagesPurged: 50, deviceId: 'full', moduleId: null });
    await sender.send('full', message('again'));
    assert.equal(await waiting('full'), 1);
  });

  test('What cannot be sent is refused by name', async () => {
    await enrolled('refuses');
    const sender = await service.sender('amqp');
    await assert.rejects(sender.send('nobody', message('hi')), { name: 'DeviceNotFoundError' });
    await assert.rejects(sender.send('refuses', message(Buffer.alloc(64 * 1024 + 1))), { name: 'MessageTooLargeError' });
    await sender.send('refuses', message(Buffer.alloc(60 * 1024)));
  });

  test('Expiry, purge and completion are told to the sender who asked', async () => {
    const leaf = await enrolled('told');
    const sender = await service.sender('amqp');
    const feedback = await service.feedback(sender);
    await sender.send('told', message('1', { id: 'told-expired', ack: 'negative', expiry: Date.now() + 1_000 }));
    await sender.send('told', message('2', { id: 'told-unasked', ack: 'positive', expiry: Date.now() + 1_000 }));
    await eventually(10_000, 'both are over', () => waiting('told'), (count) => count === 0);
    await sender.send('told', message('3', { id: 'told-purged', ack: 'full' }));
    await purge('told');
    await sender.send('told', message('4', { id: 'told-done', ack: 'positive' }));
    const client = await devices.connect(hub, leaf);
    inbox(client);
    const records = await feedback(['told-expired', 'told-purged', 'told-done']);
    assert.deepEqual(
      records.map(({ originalMessageId, statusCode }) => [originalMessageId, statusCode]).sort(),
      [['told-done', 'Success'], ['told-expired', 'Expired'], ['told-purged', 'Purged']]);
    await devices.disconnect(client);
  });

  test('The receiver of file notifications opens and stays silent', async () => {
    const sender = await service.sender('amqp');
    const receiver = await new Promise((resolve, reject) => sender.getFileNotificationReceiver((error, made) => (error ? reject(error) : resolve(made))));
    const notified = once(receiver, 'message').then(() => 'notified');
    assert.equal(await Promise.race([notified, eventually(500, 'nothing', () => false).catch(() => 'silent')]), 'silent');
  });

  test('File upload is told to be unsupported', async () => {
    const leaf = await enrolled('uploads');
    const client = await devices.connect(hub, leaf);
    await assert.rejects(
      new Promise((resolve, reject) => client.getBlobSharedAccessSignature('blob', (error, made) => (error ? reject(error) : resolve(made)))),
      { message: 'Bad Request' });
    await devices.disconnect(client);
  });
});
