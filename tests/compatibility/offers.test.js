'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { scene } = require('./scene.js');
const { eventually } = require('./waiting.js');

const example = path.join(__dirname, '../../examples/FollowOffers/follow.js');

scene(__filename, { address: '127.0.0.74' }, ({ test, info, folder, certificates, devices, service }) => {
  const version = 'api-version=2021-10-01';
  const demand = async (method, route, body) => {
    const answer = await service.request(method, `${route}?${version}`, { body });
    assert.equal(answer.status, 200, JSON.stringify(answer));
    return answer.body;
  };

  /** Starts the example as a device; the function that waits until it has said something. */
  function start({ commonName, old, next }) {
    const summary = path.join(folder, 'info.json');
    fs.writeFileSync(summary, JSON.stringify(info));
    const modules = [path.join(__dirname, 'node_modules'), process.env.NODE_PATH].filter(Boolean).join(path.delimiter);
    const child = spawn(process.execPath, ['--require', path.join(__dirname, 'names.cjs'), example, commonName, old.file, old.keyFile, next.file, next.keyFile], {
      env: { ...process.env, INFO: summary, NODE_PATH: modules },
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    process.on('exit', () => child.kill('SIGKILL'));
    return { says: (what) => eventually(60_000, `${commonName} says: ${what}`, () => said, (text) => text.includes(what)), end: () => child.kill('SIGKILL') };
  }

  async function enroll(commonName, rollOffer) {
    const device = { commonName, old: certificates.selfSigned(commonName), next: certificates.selfSigned(commonName) };
    await service.enroll(device.old, { secondary: device.next, rollOffer });
    return device;
  }

  test('Devices that know nothing but thirty lines follow each offer of a roll, and their old certificates are retired', async () => {
    const ways = { 'by-twin': undefined, 'by-method': 'method', 'by-registration': 'registration' };
    const fleet = [];
    for (const [commonName, rollOffer] of Object.entries(ways)) {
      fleet.push(await enroll(commonName, rollOffer));
    }
    const [twin, method, registration] = fleet;
    const running = [start(twin), start(method)];
    await Promise.all(running.map((one) => one.says('connected with the old certificate')));
    await devices.provision(registration.old);

    const refusals = { share: 1, devices: 3 };
    await demand('PUT', '/rolls/examples', { registrationIds: Object.keys(ways), plan: { canarySize: 3, offerWindowSeconds: 2, soakSeconds: 0, refusals } });
    await demand('POST', '/rolls/examples/start', { withoutRehearsal: 'a test' });
    const states = async () => (await demand('GET', '/rolls/examples/devices')).map(({ registrationId, state }) => `${registrationId} ${state}`);
    await eventually(30_000, 'the third is offered it too', states, (all) => all.includes('by-registration offered'));

    running.push(start(registration));
    await Promise.all(running.map((one) => one.says('connected with the next certificate')));
    await eventually(30_000, 'the roll is completed', () => demand('GET', '/rolls/examples'), ({ state }) => state === 'completed');
    running.forEach((one) => one.end());
    for (const { old, next } of fleet) {
      await assert.rejects(devices.provision(old), { name: 'UnauthorizedError' });
      assert.equal((await devices.provision(next)).status, 'assigned');
    }
  });

  test('An unmodified SDK is unharmed by the window in the reply to its registration', async () => {
    const device = await enroll('unharmed', 'registration');
    await devices.provision(device.old);
    await demand('PUT', '/rolls/unharmed', { registrationIds: ['unharmed'] });
    await demand('POST', '/rolls/unharmed/start', { withoutRehearsal: 'a test' });
    await eventually(30_000, 'it is offered', async () => (await demand('GET', '/rolls/unharmed/devices'))[0].state, (state) => state === 'offered');
    for (const transport of ['mqtt', 'mqtt-ws', 'amqp', 'amqp-ws', 'http']) {
      const state = await devices.provision(device.old, { transport });
      assert.equal(state.assignedHub, info.hubs[0].hostName);
      assert.ok(Date.parse(state.payload.certificateRenewal.notBefore) <= Date.now(), transport);
    }
  });
});
