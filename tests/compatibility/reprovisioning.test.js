'use strict';

const assert = require('node:assert/strict');
const { scene } = require('./scene.js');

const unauthorized = { name: 'UnauthorizedError' };
const hubs = ['a=a.perennial.test', 'b=b.perennial.test'];

scene(__filename, { address: '127.0.0.15', hubs }, ({ test, certificates, devices, service }) => {
  const policies = {
    migrate: { updateHubAssignment: true, migrateDeviceData: true },
    reset: { updateHubAssignment: true, migrateDeviceData: false },
    never: { updateHubAssignment: false, migrateDeviceData: false },
  };

  /** Provisions a device to hub a, gives its twin a life, then points its enrollment to hub b and provisions again. */
  async function move(id, policy) {
    const leaf = certificates.selfSigned(id);
    await service.enroll(leaf, {
      allocationPolicy: 'static',
      iotHubs: ['a.perennial.test'],
      reprovisionPolicy: policies[policy],
      initialTwin: { tags: { site: 'first' }, properties: { desired: { interval: 1 } } },
    });
    const before = await devices.provision(leaf);
    assert.equal(before.assignedHub, 'a.perennial.test');
    const client = await devices.connect('a.perennial.test', leaf);
    const twin = await client.getTwin();
    await new Promise((resolve, reject) => twin.properties.reported.update({ firmware: '1.2' }, (error) => (error ? reject(error) : resolve())));
    await devices.disconnect(client);
    await service.registry('a').updateTwin(id, { tags: { site: 'changed' }, properties: { desired: { interval: 9 } } }, '*');

    await service.editEnrollment(id, (_, enrollment) => {
      enrollment.iotHubs = ['b.perennial.test'];
    });
    const after = await devices.provision(leaf);
    assert.equal(after.createdDateTimeUtc, before.createdDateTimeUtc);
    return { leaf, after };
  }

  const twinOf = async (hub, id) => (await service.registry(hub).getTwin(id)).responseBody;
  const gone = { name: 'DeviceNotFoundError' };

  test('The migrate policy moves the device and its twin to the other hub', async () => {
    const { leaf, after } = await move('migrates', 'migrate');
    assert.equal(after.assignedHub, 'b.perennial.test');
    assert.equal(after.substatus, 'deviceDataMigrated');
    const twin = await twinOf('b', 'migrates');
    assert.equal(twin.tags.site, 'changed');
    assert.equal(twin.properties.desired.interval, 9);
    assert.equal(twin.properties.reported.firmware, '1.2');
    await assert.rejects(service.registry('a').get('migrates'), gone);
    await assert.rejects(devices.connect('a.perennial.test', leaf), unauthorized);
    await devices.disconnect(await devices.connect('b.perennial.test', leaf));
  });

  test('The reset policy moves the device and gives it its initial twin', async () => {
    const { leaf, after } = await move('resets', 'reset');
    assert.equal(after.assignedHub, 'b.perennial.test');
    assert.equal(after.substatus, 'deviceDataReset');
    const twin = await twinOf('b', 'resets');
    assert.equal(twin.tags.site, 'first');
    assert.equal(twin.properties.desired.interval, 1);
    assert.equal(twin.properties.reported.firmware, undefined);
    await assert.rejects(service.registry('a').get('resets'), gone);
    await devices.disconnect(await devices.connect('b.perennial.test', leaf));
  });

  test('The never policy leaves the device where it is', async () => {
    const { leaf, after } = await move('stays', 'never');
    assert.equal(after.assignedHub, 'a.perennial.test');
    assert.equal((await twinOf('a', 'stays')).tags.site, 'changed');
    await assert.rejects(service.registry('b').get('stays'), gone);
    await devices.disconnect(await devices.connect('a.perennial.test', leaf));
  });

  test('The hashed policy spreads devices over both hubs and stays with its choice', async () => {
    const intermediate = certificates.intermediate('Line', certificates.root('Root'));
    await service.enrollGroup('spread', intermediate, { allocationPolicy: 'hashed' });
    const seen = new Map();
    for (let number = 0; number < 16 && (number < 4 || new Set(seen.values()).size < 2); number++) {
      const leaf = certificates.leaf(`spread-${number}`, intermediate);
      const { assignedHub } = await devices.provision(leaf, { transport: 'http' });
      seen.set(leaf, assignedHub);
    }
    assert.deepEqual(new Set(seen.values()), new Set(['a.perennial.test', 'b.perennial.test']));
    for (const [leaf, hub] of [...seen].slice(0, 3)) {
      assert.equal((await devices.provision(leaf)).assignedHub, hub);
    }
  });

  test('A hub that is not linked is refused when the enrollment is saved', async () => {
    const leaf = certificates.selfSigned('nowhere');
    await assert.rejects(service.enroll(leaf, { allocationPolicy: 'static', iotHubs: ['c.perennial.test'] }), { name: 'ArgumentError' });
  });
});
