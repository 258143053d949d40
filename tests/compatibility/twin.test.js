'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { scene } = require('./scene.js');
const { within, eventually } = require('./waiting.js');

scene(__filename, { address: '127.0.0.18' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;
  const registry = service.registry();
  const stored = async (id) => (await registry.getTwin(id)).responseBody;

  /** A provisioned device, connected, with its twin read. */
  async function device(id, initialTwin) {
    const leaf = certificates.selfSigned(id);
    await service.enroll(leaf, { initialTwin });
    const client = await devices.provisionAndConnect(leaf);
    return { leaf, client, twin: await client.getTwin() };
  }

  const report = (twin, patch) => new Promise((resolve, reject) => {
    twin.properties.reported.update(patch, (error) => (error ? reject(error) : resolve()));
  });

  test('The device reads its twin without tags and metadata', async () => {
    const { client, twin } = await device('reads', { tags: { secret: 'tag' }, properties: { desired: { a: 1, nested: { b: [1, 2] } } } });
    assert.equal(twin.properties.desired.a, 1);
    assert.deepEqual(twin.properties.desired.nested, { b: [1, 2] });
    assert.equal(typeof twin.properties.desired.$version, 'number');
    assert.equal(twin.properties.desired.$metadata, undefined);
    assert.equal(JSON.stringify(twin.properties).includes('secret'), false);
    await devices.disconnect(client);
  });

  test('What the device reports is merged and seen by the operator', async () => {
    const { client, twin } = await device('reports');
    const before = (await stored('reports')).properties.reported.$version;
    await report(twin, { firmware: '1.0', net: { ip: '10.0.0.1', up: true } });
    await report(twin, { firmware: '1.1', net: { up: null } });
    const { reported } = (await stored('reports')).properties;
    assert.equal(reported.firmware, '1.1');
    assert.deepEqual(reported.net, { ip: '10.0.0.1' });
    assert.equal(reported.$version, before + 2);
    assert.ok(reported.$metadata.firmware.$lastUpdated);
    await devices.disconnect(client);
  });

  test('A change of desired properties reaches the connected device as it was made', async () => {
    const { client, twin } = await device('is-told', { properties: { desired: { interval: 60, old: 1 } } });
    const changes = [];
    twin.on('properties.desired', (change) => changes.push(change));
    const reached = once(twin, 'properties.desired.interval');
    await registry.updateTwin('is-told', { properties: { desired: { interval: 5, old: null } } }, '*');
    await within(5_000, 'the device is told', reached);
    assert.equal(twin.properties.desired.interval, 5);
    assert.equal(twin.properties.desired.old, undefined);
    const { $version } = (await stored('is-told')).properties.desired;
    assert.equal(changes.at(-1).$version, $version);
    await devices.disconnect(client);
  });

  test('Changes made in a row arrive in their order', async () => {
    const { client, twin } = await device('in-order');
    const versions = [];
    twin.on('properties.desired', (change) => versions.push(change.$version));
    for (let number = 1; number <= 10; number++) {
      await registry.updateTwin('in-order', { properties: { desired: { number } } }, '*');
    }
    await eventually(5_000, 'the last change has arrived', () => twin.properties.desired.number, (number) => number === 10);
    assert.deepEqual(versions, [...versions].sort((a, b) => a - b));
    await devices.disconnect(client);
  });

  test('An operator changes a twin only under the etag that was read', async () => {
    const { client } = await device('etag');
    const twin = await stored('etag');
    await twin.update({ tags: { room: 1 } });
    const old = twin.etag;
    await twin.update({ tags: { room: 2 } });
    await assert.rejects(registry.updateTwin('etag', { tags: { room: 3 } }, old), { name: 'InvalidEtagError' });
    assert.equal((await stored('etag')).tags.room, 2);
    await assert.rejects(registry.getTwin('no-such-twin'), { name: 'DeviceNotFoundError' });
    await devices.disconnect(client);
  });

  test('Null removes, objects merge, arrays are replaced', async () => {
    const { client } = await device('merge', { properties: { desired: { keep: 1, gone: 2, deep: { a: 1, b: 2 }, list: [1, 2, 3] } } });
    await registry.updateTwin('merge', { properties: { desired: { gone: null, deep: { b: null, c: 3 }, list: [9] } } }, '*');
    const { desired } = (await stored('merge')).properties;
    assert.equal(desired.keep, 1);
    assert.equal('gone' in desired, false);
    assert.deepEqual(desired.deep, { a: 1, c: 3 });
    assert.deepEqual(desired.list, [9]);
    await devices.disconnect(client);
  });

  test('A twin that is too deep, too long or badly named is refused', async () => {
    const { client } = await device('limits');
    const deep = Array.from({ length: 12 }).reduce((inner) => ({ inner }), 1);
    for (const desired of [deep, { long: 'x'.repeat(5_000) }, { 'a.b': 1 }, { $own: 1 }, { list: [null] }]) {
      await assert.rejects(registry.updateTwin('limits', { properties: { desired } }, '*'), JSON.stringify(desired).slice(0, 40));
    }
    await devices.disconnect(client);
  });

  test('Subscriptions outlive a lost connection without any work of the application', async () => {
    const leaf = certificates.selfSigned('comes-back');
    await service.enroll(leaf);
    await devices.provision(leaf);
    const client = devices.client(hub, leaf);
    await client.open();
    const twin = await client.getTwin();
    let told = 0;
    let wanted = 0;
    twin.on('properties.desired', (change) => (told = change.interval ?? told));
    const changeUntilTold = async () => {
      const before = wanted;
      await eventually(60_000, 'a change arrives', async () => {
        await registry.updateTwin('comes-back', { properties: { desired: { interval: ++wanted } } }, '*');
        await new Promise((resolve) => setTimeout(resolve, 300));
        return told > before;
      });
    };
    await changeUntilTold();

    // A short refusal: the live connection is dropped, and the SDK comes back by itself.
    for (const status of ['disabled', 'enabled']) {
      const device = (await registry.get('comes-back')).responseBody;
      await registry.update({ ...device, status });
    }
    await changeUntilTold();
    await report(twin, { back: true });
    await devices.disconnect(client);
  });
});
