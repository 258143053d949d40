'use strict';

const assert = require('node:assert/strict');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');

const unauthorized = { name: 'UnauthorizedError' };

scene(__filename, { address: '127.0.0.14', args: ['--azure-mode'] }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;

  test('A staged leaf is unauthorized at the hub until the device provisions with it', async () => {
    const [first, second] = [certificates.selfSigned('fan'), certificates.selfSigned('fan')];
    await service.enroll(first);
    const before = await devices.provision(first);
    await devices.disconnect(await devices.connect(hub, first));
    await service.editEnrollment('fan', (slots) => {
      slots.secondary = { certificate: second.pem };
    });
    await assert.rejects(devices.connect(hub, second), unauthorized);
    await assert.rejects(devices.client(hub, second, { transport: 'http' }).sendEvent(message('early')), unauthorized);

    const after = await devices.provision(second);
    assert.equal(after.createdDateTimeUtc, before.createdDateTimeUtc);
    await devices.disconnect(await devices.connect(hub, second));
    await assert.rejects(devices.connect(hub, first), unauthorized);
  });

  for (const transport of ['amqp', 'amqp-ws']) {
    test(`A staged leaf is unauthorized at the hub over ${transport} until the device provisions with it`, async () => {
      const id = `fan-${transport}`;
      const [first, second] = [certificates.selfSigned(id), certificates.selfSigned(id)];
      const send = async (leaf) => {
        const client = await devices.connect(hub, leaf, { transport });
        await client.sendEvent(message('spins'));
        await devices.disconnect(client);
      };
      await service.enroll(first);
      await devices.provision(first, { transport });
      await send(first);
      await service.editEnrollment(id, (slots) => {
        slots.secondary = { certificate: second.pem };
      });
      await assert.rejects(send(second), unauthorized);
      await devices.provision(second, { transport });
      await send(second);
      await assert.rejects(send(first), unauthorized);
    });
  }

  test('The hub identity holds the presented leaf in both slots', async () => {
    const [first, second] = [certificates.selfSigned('slots'), certificates.selfSigned('slots')];
    await service.enroll(first, { secondary: second });
    for (const leaf of [first, second]) {
      await devices.provision(leaf);
      const { authentication } = (await service.registry().get('slots')).responseBody;
      assert.equal(authentication.type, 'selfSigned');
      assert.equal(authentication.x509Thumbprint.primaryThumbprint.toUpperCase(), leaf.sha256);
      assert.equal(authentication.x509Thumbprint.secondaryThumbprint.toUpperCase(), leaf.sha256);
    }
  });

  test('A new leaf below the same group is unauthorized until the device provisions with it', async () => {
    const intermediate = certificates.intermediate('Line', certificates.root('Root'));
    await service.enrollGroup('line', intermediate);
    const [first, second] = [certificates.leaf('arm', intermediate), certificates.leaf('arm', intermediate)];
    await devices.disconnect(await devices.provisionAndConnect(first));
    await assert.rejects(devices.connect(hub, second), unauthorized);
    await devices.disconnect(await devices.provisionAndConnect(second));
    await assert.rejects(devices.connect(hub, first), unauthorized);
  });

  test('Removing a slot of the enrollment leaves the hub as it was', async () => {
    const [first, second] = [certificates.selfSigned('left-alone'), certificates.selfSigned('left-alone')];
    await service.enroll(first, { secondary: second });
    const live = await devices.provisionAndConnect(first);
    await service.editEnrollment('left-alone', (slots) => {
      delete slots.primary;
    });
    await live.sendEvent(message('still accepted'));
    await devices.disconnect(live);
    await devices.disconnect(await devices.connect(hub, first));
    await assert.rejects(devices.provision(first), unauthorized);
  });

  test('The never policy replaces the credential on the hub all the same', async () => {
    const [first, second] = [certificates.selfSigned('never'), certificates.selfSigned('never')];
    await service.enroll(first, { secondary: second, reprovisionPolicy: { updateHubAssignment: false, migrateDeviceData: false } });
    await devices.provision(first);
    await devices.disconnect(await devices.provisionAndConnect(second));
  });
});
