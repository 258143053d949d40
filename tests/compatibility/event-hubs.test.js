'use strict';

// A back end as its maker writes it: the unmodified Event Hubs client reads the telemetry of a hub.
const assert = require('node:assert/strict');
const { EventHubConsumerClient, earliestEventPosition, latestEventPosition } = require('@azure/event-hubs');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { within, eventually } = require('./waiting.js');

scene(__filename, { address: '127.0.0.74' }, ({ test, info, certificates, devices, service, restart }) => {
  const reader = () => new EventHubConsumerClient('$Default', info.hubs[0].eventHubConnectionString);

  async function device(id) {
    const leaf = certificates.selfSigned(id);
    await service.enroll(leaf);
    return devices.provisionAndConnect(leaf);
  }

  /** Reads into a list, which grows until the subscription is closed. */
  function read(client, startPosition, options = {}) {
    const events = [];
    const errors = [];
    const subscription = client.subscribe('0', {
      processEvents: async (batch) => {
        events.push(...batch);
      },
      processError: async (error) => {
        errors.push(error);
      },
    }, { startPosition, maxWaitTimeInSeconds: 1, ...options });
    return { events, errors, close: () => within(10_000, 'the reader closes', subscription.close()) };
  }

  const from = (events, id) => events.filter((event) => event.systemProperties['iothub-connection-device-id'] === id);

  test('The entity and its partition are described', async () => {
    const client = reader();
    const hub = await within(20_000, 'the hub is described', client.getEventHubProperties());
    assert.equal(hub.name, info.hubs[0].name);
    assert.deepEqual(hub.partitionIds, ['0']);
    const sender = await device('described');
    await sender.sendEvent(message('one'));
    const partition = await client.getPartitionProperties('0');
    assert.equal(partition.isEmpty, false);
    assert.ok(partition.lastEnqueuedSequenceNumber >= partition.beginningSequenceNumber);
    assert.ok(Date.now() - partition.lastEnqueuedOnUtc.getTime() < 60_000);
    await devices.disconnect(sender);
    await client.close();
  });

  test('What was sent before is read from the start, with its properties', async () => {
    const sender = await device('earlier');
    const made = message(JSON.stringify({ celsius: 21.5 }), { level: '3', 'a b': 'ü' });
    made.messageId = 'm-1';
    made.contentType = 'application/json';
    made.contentEncoding = 'utf-8';
    const before = Date.now();
    await sender.sendEvent(made);
    const client = reader();
    const reading = read(client, earliestEventPosition);
    const [event] = await eventually(20_000, 'the message is read', () => from(reading.events, 'earlier'), (found) => found.length > 0);
    assert.deepEqual(event.body, { celsius: 21.5 });
    assert.deepEqual(event.properties, { level: '3', 'a b': 'ü' });
    assert.equal(event.messageId, 'm-1');
    assert.equal(event.contentType, 'application/json');
    assert.equal(event.partitionKey, 'earlier');
    assert.equal(event.offset, String(event.sequenceNumber));
    assert.ok(event.enqueuedTimeUtc.getTime() >= before - 1_000);
    const { systemProperties } = event;
    assert.equal(systemProperties['iothub-message-source'], 'Telemetry');
    assert.equal(systemProperties['iothub-enqueuedtime'], event.enqueuedTimeUtc.getTime());
    assert.deepEqual(JSON.parse(systemProperties['iothub-connection-auth-method']), { scope: 'device', type: 'x509', issuer: 'iothub' });
    assert.ok(systemProperties['iothub-connection-auth-generation-id']);
    await reading.close();
    assert.deepEqual(reading.errors, []);
    await devices.disconnect(sender);
    await client.close();
  });

  test('A reader at the latest position gets what comes and nothing older', async () => {
    const sender = await device('latest');
    await sender.sendEvent(message('old'));
    const client = reader();
    const reading = read(client, latestEventPosition);
    let sent = 0;
    await eventually(20_000, 'a message arrives', async () => {
      await sender.sendEvent(message(String(++sent)));
      await new Promise((resolve) => setTimeout(resolve, 200));
      return from(reading.events, 'latest').length > 0;
    });
    assert.equal(from(reading.events, 'latest').some((event) => event.body === 'old' || String(event.body) === 'old'), false);
    await reading.close();
    await devices.disconnect(sender);
    await client.close();
  });

  test('A reader goes on after what it has read, by sequence and by time', async () => {
    const sender = await device('goes-on');
    for (let number = 0; number < 20; number++) {
      await sender.sendEvent(message(JSON.stringify(number)));
    }
    const client = reader();
    const all = read(client, earliestEventPosition);
    const events = await eventually(20_000, 'all are read', () => from(all.events, 'goes-on'), (found) => found.length === 20);
    await all.close();
    assert.deepEqual(events.map((event) => event.body), Array.from({ length: 20 }, (_, number) => number));
    for (const position of [
      { sequenceNumber: events[9].sequenceNumber },
      { sequenceNumber: events[10].sequenceNumber, isInclusive: true },
      { offset: events[9].offset },
      { enqueuedOn: events[10].enqueuedTimeUtc.getTime() - 1 },
    ]) {
      const rest = read(client, position);
      await eventually(20_000, 'the rest is read', () => from(rest.events, 'goes-on').at(-1)?.body === 19);
      await rest.close();
      const first = from(rest.events, 'goes-on')[0].body;
      assert.ok('enqueuedOn' in position ? first <= 10 : first === 10, `${JSON.stringify(position)} begins at ${first}`);
    }
    await devices.disconnect(sender);
    await client.close();
  });

  test('An exclusive reader takes the place of a weaker one', async () => {
    const sender = await device('exclusive');
    await sender.sendEvent(message('here'));
    const [first, second] = [reader(), reader()];
    const weak = read(first, earliestEventPosition, { ownerLevel: 1 });
    await eventually(20_000, 'the first reads', () => from(weak.events, 'exclusive').length > 0);
    const strong = read(second, earliestEventPosition, { ownerLevel: 2 });
    await eventually(20_000, 'the second reads', () => from(strong.events, 'exclusive').length > 0);
    await eventually(20_000, 'the first is told', () => weak.errors.length > 0);
    assert.equal(weak.errors[0].code, 'ReceiverDisconnectedError');
    await strong.close();
    await weak.close();
    await devices.disconnect(sender);
    await Promise.all([first.close(), second.close()]);
  });

  test('A reader comes back by itself after a restart of the server, and misses nothing', async () => {
    const leaf = certificates.selfSigned('restarted');
    await service.enroll(leaf);
    const sender = await devices.provisionAndConnect(leaf);
    await sender.sendEvent(message('1'));
    const client = reader();
    const reading = read(client, earliestEventPosition);
    await eventually(20_000, 'the first is read', () => from(reading.events, 'restarted').length === 1);
    await restart('SIGTERM');
    const again = await devices.connect(info.hubs[0].hostName, leaf);
    await again.sendEvent(message('2'));
    const events = await eventually(60_000, 'a later message is read', () => from(reading.events, 'restarted'), (found) => found.length > 1);
    assert.deepEqual(events.map((event) => event.body), [1, 2]);
    await reading.close();
    await devices.disconnect(again);
    await client.close();
  });

  test('A key without the right to read is refused', async () => {
    const { connectionString } = info.hubs[0];
    const wrong = connectionString.match(/SharedAccessKey=(.*)$/)[1];
    const client = new EventHubConsumerClient(
      '$Default', info.hubs[0].eventHubConnectionString.replace(/SharedAccessKey=[^;]*/, `SharedAccessKey=${wrong}`), { retryOptions: { maxRetries: 0 } });
    await assert.rejects(within(20_000, 'the refusal comes', client.getPartitionProperties('0')), { name: 'MessagingError' });
    await client.close();
  });
});
