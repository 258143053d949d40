'use strict';

const assert = require('node:assert/strict');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { within } = require('./waiting.js');

const unauthorized = { name: 'UnauthorizedError' };

scene(__filename, { address: '127.0.0.13' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;
  const root = certificates.root('Plant root');

  for (const transport of ['mqtt', 'http']) {
    test(`A device below an intermediate of its group is provisioned over ${transport} and connected`, async () => {
      const intermediate = certificates.intermediate(`Line ${transport}`, root);
      await service.enrollGroup(`line-${transport}`, intermediate);
      const leaf = certificates.leaf(`robot-${transport}`, intermediate);
      const registration = await devices.provision(leaf, { transport });
      assert.equal(registration.status, 'assigned');
      assert.equal(registration.deviceId, leaf.commonName);
      assert.equal(registration.x509.enrollmentGroupId, `line-${transport}`);
      const client = await devices.connect(hub, leaf, { transport });
      await client.sendEvent(message('from the group'));
      const [line] = await service.telemetry({ filter: (each) => each.deviceId === leaf.commonName });
      assert.equal(Buffer.from(line.body, 'base64').toString(), 'from the group');
      await devices.disconnect(client);
    });
  }

  test('A group of a root takes a device that sends the intermediate between them', async () => {
    const other = certificates.root('Second plant root');
    await service.enrollGroup('second-plant', other);
    const intermediate = certificates.intermediate('Second plant line', other);
    const leaf = certificates.leaf('far-robot', intermediate);
    await devices.disconnect(await devices.provisionAndConnect(leaf));
    await assert.rejects(devices.provision({ ...certificates.leaf('no-middle', intermediate), chain: certificates.leaf('no-middle', intermediate).pem }));
  });

  test('A device that does not send its intermediate is refused below a root', async () => {
    const other = certificates.root('Third plant root');
    await service.enrollGroup('third-plant', other);
    const leaf = certificates.leaf('alone', certificates.intermediate('Third plant line', other));
    await assert.rejects(devices.provision({ ...leaf, chain: leaf.pem }), unauthorized);
    assert.equal((await devices.provision(leaf)).status, 'assigned');
  });

  test('A new leaf works at once with no change to the group and no provisioning', async () => {
    const intermediate = certificates.intermediate('Paint shop', root);
    await service.enrollGroup('paint', intermediate);
    const [first, second] = [certificates.leaf('brush', intermediate), certificates.leaf('brush', intermediate)];
    const before = await devices.provision(first);
    const old = await devices.connect(hub, first);
    await devices.disconnect(old);
    const client = await devices.connect(hub, second);
    await client.sendEvent(message('new leaf'));
    await devices.disconnect(client);
    const after = await devices.provision(second);
    assert.equal(after.createdDateTimeUtc, before.createdDateTimeUtc);
    assert.equal(after.assignedHub, before.assignedHub);
  });

  test('A signing certificate in the secondary slot takes the fleet over, leaf by leaf', async () => {
    const [before, after] = [certificates.intermediate('Press shop', root), certificates.intermediate('Press shop', root)];
    await service.enrollGroup('press', before);
    const [first, second] = [certificates.leaf('press-1', before), certificates.leaf('press-1', after)];
    const laggard = certificates.leaf('press-2', before);
    const record = await devices.provision(first);
    await devices.provision(laggard);
    await assert.rejects(devices.connect(hub, second), unauthorized);

    await service.editGroup('press', (slots) => {
      slots.secondary = { certificate: after.pem };
    });
    await devices.disconnect(await devices.connect(hub, second));
    await devices.disconnect(await devices.connect(hub, laggard));
    assert.equal((await devices.provision(second)).createdDateTimeUtc, record.createdDateTimeUtc);

    const live = await devices.connect(hub, laggard);
    const moved = await devices.connect(hub, second);
    await service.editGroup('press', (slots) => {
      delete slots.primary;
    });
    await within(2_000, 'the device below the retired signing certificate is dropped', live.lost);
    await assert.rejects(devices.connect(hub, laggard), unauthorized);
    await assert.rejects(devices.provision(laggard), unauthorized);
    await moved.sendEvent(message('taken over'));
    await devices.disconnect(moved);
    await devices.disconnect(await devices.provisionAndConnect(certificates.leaf('press-2', after)));
  });

  test('A disabled individual enrollment refuses one device of a group and no other', async () => {
    const intermediate = certificates.intermediate('Store', root);
    await service.enrollGroup('store', intermediate);
    const [bad, good] = [certificates.leaf('shelf-bad', intermediate), certificates.leaf('shelf-good', intermediate)];
    await devices.provision(bad);
    await devices.provision(good);
    await service.enroll(bad, { provisioningStatus: 'disabled' });
    await assert.rejects(devices.provision(bad), /disabled/);
    assert.equal((await devices.provision(good)).status, 'assigned');
    await service.provisioning.deleteIndividualEnrollment('shelf-bad');
    assert.equal((await devices.provision(bad)).status, 'assigned');
  });

  test('The nearest entry decides: a disabled group refuses below an enabled one', async () => {
    const above = certificates.root('Campus root');
    const below = certificates.intermediate('Campus hall', above);
    await service.enrollGroup('campus', above);
    const leaf = certificates.leaf('door-1', below);
    assert.equal((await devices.provision(leaf)).x509.enrollmentGroupId, 'campus');
    await service.enrollGroup('campus-hall', below, { provisioningStatus: 'disabled' });
    await assert.rejects(devices.provision(leaf));
    await service.provisioning.deleteEnrollmentGroup('campus-hall');
    assert.equal((await devices.provision(leaf)).status, 'assigned');
  });

  test('A home-made authority under the name of a trusted one is refused', async () => {
    const trusted = certificates.root('Trusted root');
    await service.enrollGroup('trusted', trusted);
    await assert.rejects(devices.provision(certificates.leaf('imposter', certificates.root('Trusted root'))), unauthorized);
  });

  test('The devices of a group are listed with its registrations', async () => {
    const intermediate = certificates.intermediate('Yard', root);
    await service.enrollGroup('yard', intermediate);
    for (const name of ['crane-1', 'crane-2', 'crane-3']) {
      await devices.provision(certificates.leaf(name, intermediate));
    }
    const query = service.provisioning.createEnrollmentGroupDeviceRegistrationStateQuery({ query: '*' }, 'yard', 2);
    const ids = [];
    while (query.hasMoreResults) {
      const { responseBody } = await query.next(query.continuationToken);
      ids.push(...responseBody.map((registration) => registration.registrationId));
    }
    assert.deepEqual(ids.sort(), ['crane-1', 'crane-2', 'crane-3']);
  });

  test('After its group is deleted a device is refused by the service and its record remains', async () => {
    const intermediate = certificates.intermediate('Closed shop', root);
    await service.enrollGroup('closed', intermediate);
    const leaf = certificates.leaf('lathe', intermediate);
    await devices.provision(leaf);
    await service.provisioning.deleteEnrollmentGroup('closed');
    await assert.rejects(devices.provision(leaf), unauthorized);
    assert.equal((await service.registration('lathe')).status, 'assigned');
  });
});
