'use strict';

const assert = require('node:assert/strict');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { eventually } = require('./waiting.js');

scene(__filename, { address: '127.0.0.19' }, ({ test, info, certificates, devices, service, restart }) => {
  const hub = info.hubs[0].hostName;

  test('What was acknowledged before kill -9 is there after it, in its order', async () => {
    const leaf = certificates.selfSigned('survivor');
    await service.enroll(leaf);
    const before = await devices.provision(leaf);
    const client = await devices.connect(hub, leaf);
    const acknowledged = [];
    const sending = (async () => {
      for (let number = 0; ; number++) {
        await client.sendEvent(message(String(number)));
        acknowledged.push(number);
      }
    })().catch(() => {});
    await eventually(15_000, 'a hundred messages are acknowledged', () => acknowledged.length >= 100);
    await restart('SIGKILL');
    await sending;

    const lines = await service.telemetry({ count: acknowledged.length, filter: (line) => line.deviceId === 'survivor' });
    const stored = lines.map((line) => Number(Buffer.from(line.body, 'base64')));
    assert.deepEqual(stored.slice(0, acknowledged.length), acknowledged);
    const registration = await service.registration('survivor');
    assert.equal(registration.createdDateTimeUtc, before.createdDateTimeUtc);
    await devices.disconnect(await devices.connect(hub, leaf));
  });

  test('A staged certificate, a retired one and a twin outlive kill -9', async () => {
    const [first, second] = [certificates.selfSigned('steady'), certificates.selfSigned('steady')];
    await service.enroll(first, { initialTwin: { tags: { site: 'east' } } });
    await devices.provision(first);
    await service.editEnrollment('steady', (slots) => {
      slots.secondary = { certificate: second.pem };
      delete slots.primary;
    });
    await service.registry().updateTwin('steady', { tags: { shelf: 4 } }, '*');
    await restart('SIGKILL');
    await devices.disconnect(await devices.connect(hub, second));
    await assert.rejects(devices.connect(hub, first), { name: 'UnauthorizedError' });
    const { tags } = (await service.registry().getTwin('steady')).responseBody;
    assert.deepEqual({ site: tags.site, shelf: tags.shelf }, { site: 'east', shelf: 4 });
  });

  for (const signal of ['SIGTERM', 'SIGKILL']) {
    test(`A device comes back by itself after ${signal}, and is told of changes as before`, async () => {
      const leaf = certificates.selfSigned(`back-after-${signal.toLowerCase()}`);
      await service.enroll(leaf);
      await devices.provision(leaf);
      const client = devices.client(hub, leaf);
      await client.open();
      const twin = await client.getTwin();
      let told = 0;
      let wanted = 0;
      twin.on('properties.desired', (change) => (told = change.number ?? told));
      const changeUntilTold = async () => {
        const before = wanted;
        await eventually(60_000, 'a change arrives', async () => {
          await service.registry().updateTwin(leaf.commonName, { properties: { desired: { number: ++wanted } } }, '*');
          await new Promise((resolve) => setTimeout(resolve, 300));
          return told > before;
        });
      };
      await changeUntilTold();
      await restart(signal);
      await changeUntilTold();
      await client.sendEvent(message('back'));
      await devices.disconnect(client);
    });
  }
});
