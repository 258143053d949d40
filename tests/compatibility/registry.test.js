'use strict';

const assert = require('node:assert/strict');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { within, eventually } = require('./waiting.js');

const unauthorized = { name: 'UnauthorizedError' };

scene(__filename, { address: '127.0.0.17' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;
  const registry = service.registry();
  const get = async (id) => (await registry.get(id)).responseBody;
  const handMade = (leaf, secondary) => registry.create({
    deviceId: leaf.commonName,
    status: 'enabled',
    authentication: { x509Thumbprint: { primaryThumbprint: leaf.sha256, secondaryThumbprint: secondary?.sha256 ?? null } },
  });

  test('A device made by hand connects with the leaf of either slot', async () => {
    const [first, second, third] = [1, 2, 3].map(() => certificates.selfSigned('by-hand'));
    const { responseBody } = await handMade(first, second);
    assert.equal(responseBody.deviceId, 'by-hand');
    assert.equal(responseBody.status, 'enabled');
    assert.equal(responseBody.connectionState, 'Disconnected');
    assert.ok(responseBody.generationId);
    assert.ok(responseBody.etag && !responseBody.etag.includes('"'));
    assert.equal(responseBody.authentication.type, 'selfSigned');
    for (const leaf of [first, second]) {
      await devices.disconnect(await devices.connect(hub, leaf));
    }
    await assert.rejects(devices.connect(hub, third), unauthorized);
  });

  test('Removing the thumbprint in use drops the live connection, adding one does not', async () => {
    const [first, second] = [certificates.selfSigned('rolled-by-hand'), certificates.selfSigned('rolled-by-hand')];
    await handMade(first);
    const live = await devices.connect(hub, first);
    const staged = await get('rolled-by-hand');
    staged.authentication.x509Thumbprint.secondaryThumbprint = second.sha256;
    await registry.update(staged);
    await live.sendEvent(message('kept'));
    await devices.disconnect(await devices.connect(hub, second));

    const again = await devices.connect(hub, first);
    const retired = await get('rolled-by-hand');
    retired.authentication.x509Thumbprint.primaryThumbprint = second.sha256;
    await registry.update(retired);
    await within(2_000, 'the connection is dropped', again.lost);
    await assert.rejects(devices.connect(hub, first), unauthorized);
    await devices.disconnect(await devices.connect(hub, second));
  });

  test('A SHA-1 thumbprint is taken as well', async () => {
    const leaf = certificates.selfSigned('sha-one');
    const sha1 = require('node:crypto').createHash('sha1').update(leaf.der).digest('hex');
    await registry.create({ deviceId: 'sha-one', authentication: { x509Thumbprint: { primaryThumbprint: sha1, secondaryThumbprint: null } } });
    await devices.disconnect(await devices.connect(hub, leaf));
  });

  test('A device with shared keys connects with either, and with no other', async () => {
    const { Client } = require('azure-iot-device');
    const { Mqtt } = require('azure-iot-device-mqtt');
    const { NoRetry } = require('azure-iot-common');
    const { responseBody } = await registry.create({ deviceId: 'keyed' });
    assert.equal(responseBody.authentication.type, 'sas');
    const { primaryKey, secondaryKey } = responseBody.authentication.symmetricKey;
    for (const [key, accepted] of [[primaryKey, true], [secondaryKey, true], [Buffer.alloc(32, 7).toString('base64'), false]]) {
      const client = Client.fromConnectionString(`HostName=${hub};DeviceId=keyed;SharedAccessKey=${key}`, Mqtt);
      client.setRetryPolicy(new NoRetry());
      client.on('error', () => {});
      if (accepted) {
        await within(10_000, 'the device connects', client.open());
        await client.close();
      } else {
        await assert.rejects(client.open(), unauthorized);
      }
    }
  });

  test('Each kind of mistake is told apart', async () => {
    const leaf = certificates.selfSigned('mistakes');
    await handMade(leaf);
    await assert.rejects(handMade(leaf), { name: 'DeviceAlreadyExistsError' });
    await assert.rejects(registry.get('no-such-device'), { name: 'DeviceNotFoundError' });
    await assert.rejects(registry.delete('no-such-device'), { name: 'DeviceNotFoundError' });
    await assert.rejects(registry.create({ deviceId: 'bad-thumbprint', authentication: { x509Thumbprint: { primaryThumbprint: 'AB:CD' } } }), { name: 'ArgumentError' });

    const path = '/devices/mistakes?api-version=2021-04-12';
    const device = (await service.hubRequest('GET', path)).body;
    const put = (etag) => service.hubRequest('PUT', path, { body: device, headers: { 'if-match': etag } });
    assert.equal((await put('"c3RhbGU="')).status, 412);
    assert.equal((await put(`"${device.etag}"`)).status, 200);
    assert.equal((await put(device.etag)).status, 412);
    assert.equal((await put('"*"')).status, 200);
    assert.equal((await service.hubRequest('DELETE', path, { headers: { 'if-match': '"c3RhbGU="' } })).status, 412);
    const missing = await service.hubRequest('GET', '/devices/none?api-version=2021-04-12');
    assert.equal(missing.status, 404);
    assert.match(missing.body.Message, /^ErrorCode:DeviceNotFound/);
    assert.equal(missing.headers['iothub-errorcode'], 'DeviceNotFound');
    assert.equal((await service.hubRequest('GET', path, { sas: null })).status, 401);
  });

  test('Devices are listed', async () => {
    await handMade(certificates.selfSigned('in-the-list'));
    const { responseBody } = await registry.list();
    assert.ok(responseBody.map((device) => device.deviceId).includes('in-the-list'));
  });

  test('Disabling a device drops its live connection and refuses it until it is enabled', async () => {
    const leaf = certificates.selfSigned('disabled');
    await handMade(leaf);
    const live = await devices.connect(hub, leaf);
    await eventually(5_000, 'the device is shown as connected', () => get('disabled'), (device) => device.connectionState === 'Connected');
    await registry.update({ ...(await get('disabled')), status: 'disabled' });
    await within(2_000, 'the connection is dropped', live.lost);
    await assert.rejects(devices.connect(hub, leaf), unauthorized);
    await registry.update({ ...(await get('disabled')), status: 'enabled' });
    await devices.disconnect(await devices.connect(hub, leaf));
  });

  test('Deleting a device drops its live connection and refuses it', async () => {
    const leaf = certificates.selfSigned('removed');
    await handMade(leaf);
    const live = await devices.connect(hub, leaf);
    await registry.delete('removed');
    await within(2_000, 'the connection is dropped', live.lost);
    await assert.rejects(devices.connect(hub, leaf), unauthorized);
  });

  test('A second connection of a device takes over from the first', async () => {
    const leaf = certificates.selfSigned('only-one');
    await handMade(leaf);
    const first = await devices.connect(hub, leaf);
    const second = await devices.connect(hub, leaf);
    await within(2_000, 'the first connection is dropped', first.lost);
    await second.sendEvent(message('from the second'));
    const [line] = await service.telemetry({ filter: (each) => each.deviceId === 'only-one' });
    assert.equal(Buffer.from(line.body, 'base64').toString(), 'from the second');
    await devices.disconnect(second);
  });

  test('An id with every allowed character works on every path', async () => {
    const leaf = certificates.selfSigned('odd');
    // All but the semicolon, which ends a value in the connection string of the device SDK.
    const id = 'a-b:c.d+e%f_g#h*i?j!k(l),m=n@o$p\'q';
    await registry.create({ deviceId: id, authentication: { x509Thumbprint: { primaryThumbprint: leaf.sha256, secondaryThumbprint: null } } });
    assert.equal((await get(id)).deviceId, id);
    const client = await devices.connect(hub, leaf, { transport: 'http', deviceId: id });
    await client.sendEvent(message('odd'));
    const [line] = await service.telemetry({ filter: (each) => each.deviceId === id });
    assert.equal(Buffer.from(line.body, 'base64').toString(), 'odd');
    await registry.delete(id);
  });
});
