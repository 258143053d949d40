'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const crypto = require('node:crypto');
const path = require('node:path');
const { scene } = require('./scene.js');
const { keyed, message } = require('./devices.js');
const { body } = require('./service.js');
const { within } = require('./waiting.js');

const executable = process.env.PERENNIAL_BIN || path.join(__dirname, '../../artifacts/bin/Perennial.Server/release/perennial');
const unauthorized = { name: 'UnauthorizedError' };

// Over AMQP the provisioning SDK hands over the error of the transfer as it came.
const unregistered = (transport) => transport.startsWith('amqp') ? { condition: 'amqp:unauthorized-access' } : unauthorized;
const provisioningTransports = ['mqtt', 'mqtt-ws', 'amqp', 'amqp-ws', 'http'];

const key = () => crypto.randomBytes(64).toString('base64');
const attestation = (symmetricKey) => ({ type: 'symmetricKey', ...(symmetricKey && { symmetricKey }) });
const derived = (groupKey, id) =>
  execFileSync(executable, ['compute-device-key', '--key', groupKey, '--registration-id', id]).toString().trim();

scene(__filename, { address: '127.0.0.75' }, ({ test, info, devices, service }) => {
  const hub = info.hubs[0].hostName;
  const enroll = (registrationId, keys, rest = {}) => service.saveEnrollment({ registrationId, attestation: attestation(keys), ...rest });
  const enrollGroup = (enrollmentGroupId, keys, rest = {}) => service.saveGroup({ enrollmentGroupId, attestation: attestation(keys), ...rest });

  test('Keys are generated, shown in the reply to the save and by attestationmechanism, and in nothing else', async () => {
    const saved = await enroll('generated');
    const { primaryKey, secondaryKey } = saved.attestation.symmetricKey;
    assert.equal(Buffer.from(primaryKey, 'base64').length, 64);
    assert.notEqual(primaryKey, secondaryKey);
    const mechanism = body(await service.provisioning.getIndividualEnrollmentAttestationMechanism('generated'));
    assert.deepEqual(mechanism.symmetricKey, { primaryKey, secondaryKey });
    assert.equal(mechanism.type, 'symmetricKey');

    await devices.provision(keyed('generated', primaryKey));
    for (const [method, url] of [['GET', '/enrollments/generated'], ['GET', '/registrations/generated'], ['GET', '/registrations/generated/sightings']]) {
      const { status, text } = await service.request(method, `${url}?api-version=2021-10-01`);
      assert.equal(status, 200);
      assert.ok(!text.includes(primaryKey) && !text.includes(secondaryKey), `${url} shows a key`);
    }
    const query = await service.request('POST', '/enrollments/query?api-version=2021-10-01', { body: { query: 'SELECT *' } });
    assert.ok(query.text.includes('generated') && !query.text.includes(primaryKey));
  });

  test('What is read and saved again keeps its keys', async () => {
    const { attestation: { symmetricKey } } = await enroll('again');
    const read = await service.enrollment('again');
    assert.equal(read.attestation.type, 'symmetricKey');
    read.provisioningStatus = 'enabled';
    const saved = await service.saveEnrollment(read);
    assert.deepEqual(saved.attestation.symmetricKey, symmetricKey);
  });

  for (const transport of provisioningTransports) {
    test(`A device with a key of its own is provisioned over ${transport} and sends with it`, async () => {
      const id = `own-${transport}`;
      const { attestation: { symmetricKey } } = await enroll(id, { primaryKey: key(), secondaryKey: key() });
      for (const held of [symmetricKey.primaryKey, symmetricKey.secondaryKey]) {
        const registration = await devices.provision(keyed(id, held), { transport });
        assert.equal(registration.status, 'assigned');
        assert.deepEqual(registration.symmetricKey, {});
        const client = await devices.connect(registration.assignedHub, keyed(id, held), { transport: transport === 'http' ? 'mqtt' : transport });
        await client.sendEvent(message(`by ${held.slice(0, 4)}`));
        await devices.disconnect(client);
      }
      const { authentication } = body(await service.registry().get(id));
      assert.equal(authentication.type, 'sas');
      assert.deepEqual(authentication.symmetricKey, symmetricKey);
      const [line] = await service.telemetry({ filter: (each) => each.deviceId === id });
      assert.match(JSON.stringify(line), /sas/);
      await assert.rejects(devices.provision(keyed(id, key()), { transport }), unregistered(transport));
    });

    test(`A device with a key derived from its group's is provisioned over ${transport} and sends with it`, async () => {
      const id = `Member-${transport}`;
      const { attestation: { symmetricKey } } = await enrollGroup(`group-${transport}`);
      for (const held of [symmetricKey.primaryKey, symmetricKey.secondaryKey]) {
        const device = keyed(id, derived(held, id));
        const registration = await devices.provision(device, { transport });
        assert.equal(registration.symmetricKey.enrollmentGroupId, `group-${transport}`);
        const client = await devices.connect(registration.assignedHub, device, { deviceId: registration.deviceId });
        await client.sendEvent(message('from a group'));
        await devices.disconnect(client);
      }
      await assert.rejects(devices.provision(keyed(id, symmetricKey.primaryKey), { transport }), unregistered(transport));
      await assert.rejects(devices.provision(keyed(id, derived(key(), id)), { transport }), unregistered(transport));
    });
  }

  test('A key rolled in one slot works at once, the other works on, the replaced one is dropped', async () => {
    const { attestation: { symmetricKey: { primaryKey, secondaryKey } } } = await enroll('roll');
    const before = await devices.provision(keyed('roll', primaryKey));
    const live = await devices.connect(hub, keyed('roll', primaryKey));
    const staged = key();
    const { attestation: { symmetricKey: rolled } } = await enroll('roll', { secondaryKey: staged });
    assert.deepEqual(rolled, { primaryKey, secondaryKey: staged });
    await live.sendEvent(message('through the roll'));
    await devices.disconnect(live);
    const moved = await devices.connect(hub, keyed('roll', staged));
    await assert.rejects(devices.connect(hub, keyed('roll', secondaryKey)), unauthorized);
    await assert.rejects(devices.provision(keyed('roll', secondaryKey)), unauthorized);

    await enroll('roll', { primaryKey: key() });
    await moved.sendEvent(message('still here'));
    await assert.rejects(devices.connect(hub, keyed('roll', primaryKey)), unauthorized);
    await enroll('roll', { secondaryKey: key() });
    await within(2_000, 'the connection of the replaced key is dropped', moved.lost);

    const { attestation: { symmetricKey: last } } = await enroll('roll');
    const after = await devices.provision(keyed('roll', last.primaryKey));
    assert.equal(after.createdDateTimeUtc, before.createdDateTimeUtc);
  });

  test('A key of a group rolled in one slot loses no device', async () => {
    const { attestation: { symmetricKey: { primaryKey } } } = await enrollGroup('rolling');
    const [first, second] = ['rolling-1', 'rolling-2'].map((id) => keyed(id, derived(primaryKey, id)));
    const lives = [await devices.provisionAndConnect(first), await devices.provisionAndConnect(second)];
    const staged = key();
    await enrollGroup('rolling', { secondaryKey: staged });
    await Promise.all(lives.map((live) => live.sendEvent(message('staged'))));
    await devices.disconnect(lives[0]);
    lives[0] = await devices.provisionAndConnect(keyed('rolling-1', derived(staged, 'rolling-1')));

    await enrollGroup('rolling', { primaryKey: key() });
    await within(2_000, 'the device with the replaced key is dropped', lives[1].lost);
    await lives[0].sendEvent(message('proven'));
    await assert.rejects(devices.connect(hub, second), unauthorized);
    await devices.disconnect(lives[0]);
  });

  test('How far a roll of keys has come is told without the keys', async () => {
    const { attestation: { symmetricKey } } = await enrollGroup('told');
    await devices.provision(keyed('told-1', derived(symmetricKey.primaryKey, 'told-1')));
    const proof = async (slot) => (await service.request('GET', `/enrollmentGroups/told/proof?slot=${slot}&api-version=2021-10-01`)).body;
    assert.deepEqual([(await proof('primary')).proven, (await proof('secondary')).proven], [1, 0]);
    await devices.provision(keyed('told-1', derived(symmetricKey.secondaryKey, 'told-1')));
    assert.deepEqual([(await proof('primary')).proven, (await proof('secondary')).proven], [0, 1]);
  });

  test('A disabled enrollment answers disabled, and drops the device from the hub', async () => {
    const { attestation: { symmetricKey: { primaryKey } } } = await enroll('off');
    const live = await devices.provisionAndConnect(keyed('off', primaryKey));
    await enroll('off', undefined, { provisioningStatus: 'disabled' });
    await within(2_000, 'the connection is dropped', live.lost);
    await assert.rejects(devices.provision(keyed('off', primaryKey)), (error) => error.result?.status === 'disabled' || /disabled/.test(`${error}`));
  });

  test('A disabled group answers disabled to a right key and unauthorized to a wrong one', async () => {
    const { attestation: { symmetricKey: { primaryKey } } } = await enrollGroup('group-off', undefined, { provisioningStatus: 'disabled' });
    await assert.rejects(
      devices.provision(keyed('member-off', derived(primaryKey, 'member-off')), { transport: 'http' }),
      (error) => error.result?.status === 'disabled' || /disabled/.test(`${error}`));
    await assert.rejects(devices.provision(keyed('member-off', key())), unauthorized);
  });

  test('An individual enrollment decides alone against the group that would take the device', async () => {
    const { attestation: { symmetricKey: { primaryKey } } } = await enrollGroup('wide');
    const device = keyed('special', derived(primaryKey, 'special'));
    await enroll('special');
    await assert.rejects(devices.provision(device), unauthorized);
    await service.provisioning.deleteIndividualEnrollment('special');
    assert.equal((await devices.provision(device)).status, 'assigned');
  });
});
