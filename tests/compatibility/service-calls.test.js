'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { JobClient, Registry, SharedAccessSignature } = require('azure-iothub');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { within, eventually } = require('./waiting.js');

const executable = process.env.PERENNIAL_BIN || path.join(__dirname, '../../artifacts/bin/Perennial.Server/release/perennial');

scene(__filename, { address: '127.0.0.31' }, ({ test, info, certificates, devices, service }) => {
  const registry = service.registry();
  const jobs = JobClient.fromConnectionString(service.hub().connectionString);
  const bulk = (ids) => registry.addDevices(ids.map((deviceId) => ({ deviceId, authentication: { symmetricKey: { primaryKey: '', secondaryKey: '' } } })));
  const twin = async (id) => (await registry.getTwin(id)).responseBody;

  const folder = path.dirname(info.trustBundle);
  const policy = (...args) => execFileSync(executable, ['policy', ...args, '--data', folder, '--hub', 'hub']).toString();
  const job = async (id) => (await service.hubRequest('GET', `/jobs/v2/${id}?api-version=2021-04-12`)).body;

  async function all(query, size) {
    const pages = [];
    const asked = registry.createQuery(query, size);
    do {
      // Without its token the promise form of next begins again.
      const { result } = await asked.next(asked.continuationToken);
      pages.push(result);
    } while (asked.hasMoreResults);
    return pages;
  }

  const ids = async (query, size) => (await all(query, size)).flat().map((each) => each.deviceId).sort();

  test('Bulk changes are made, counted and told apart', async () => {
    const added = (await bulk(['bulk-1', 'bulk-2', 'bulk-3'])).responseBody;
    assert.equal(added.isSuccessful, true);
    const counts = (await registry.getRegistryStatistics()).responseBody;
    assert.equal(counts.totalDeviceCount, counts.enabledDeviceCount + counts.disabledDeviceCount);
    assert.ok(counts.totalDeviceCount >= 3);
    await registry.updateDevices([{ deviceId: 'bulk-2', status: 'disabled', authentication: { symmetricKey: { primaryKey: '', secondaryKey: '' } } }], true);
    assert.equal((await registry.getRegistryStatistics()).responseBody.disabledDeviceCount, counts.disabledDeviceCount + 1);
    const removed = (await registry.removeDevices([{ deviceId: 'bulk-1' }, { deviceId: 'bulk-2' }, { deviceId: 'bulk-3' }], true)).responseBody;
    assert.equal(removed.isSuccessful, true);
    assert.equal((await registry.getRegistryStatistics()).responseBody.totalDeviceCount, counts.totalDeviceCount - 3);
  });

  test('Queries are answered page by page, by condition and in groups', async () => {
    const made = ['q-1', 'q-2', 'q-3', 'q-4', 'q-5'];
    await bulk(made);
    for (const [i, id] of made.entries()) {
      await registry.updateTwin(id, { tags: { fleet: 'q', site: i % 2 ? 'odd' : 'even', place: i } }, '*');
    }
    const pages = await all("SELECT * FROM devices WHERE tags.fleet = 'q'", 2);
    assert.deepEqual(pages.map((page) => page.length), [2, 2, 1]);
    assert.deepEqual(await ids("SELECT * FROM devices WHERE deviceId IN ['q-2', 'q-4', 'none']"), ['q-2', 'q-4']);
    assert.deepEqual(await ids("SELECT * FROM devices WHERE tags.fleet = 'q' AND tags.place >= 3"), ['q-4', 'q-5']);
    assert.deepEqual((await all("SELECT COUNT() AS n FROM devices WHERE tags.fleet = 'q'")).flat(), [{ n: 5 }]);
    const groups = (await all("SELECT tags.site AS site, COUNT() AS n FROM devices WHERE tags.fleet = 'q' GROUP BY tags.site")).flat();
    assert.deepEqual(groups.sort((a, b) => a.n - b.n), [{ site: 'odd', n: 2 }, { site: 'even', n: 3 }]);
    const first = registry.createQuery("SELECT * FROM devices WHERE deviceId = 'q-1'");
    assert.equal((await first.nextAsTwin()).result[0].tags.site, 'even');
    await assert.rejects(all("SELECT * FROM devices WHERE deviceId LIKE 'q%'"), { name: 'ArgumentError' });
  });

  test('A job changes the twins of its condition once', async () => {
    await bulk(['job-1', 'job-2', 'job-other']);
    await jobs.scheduleTwinUpdate('twin-job', "deviceId IN ['job-1', 'job-2']", { etag: '*', tags: { job: 'done' } }, new Date(), 300);
    const done = await eventually(20_000, 'the job is completed', () => job('twin-job'), (each) => each.status === 'completed');
    assert.deepEqual(
      done.deviceJobStatistics, { deviceCount: 2, failedCount: 0, succeededCount: 2, runningCount: 0, pendingCount: 0 });
    assert.equal((await twin('job-1')).tags.job, 'done');
    assert.equal((await twin('job-other')).tags.job, undefined);
    const rows = (await all("SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'twin-job'")).flat();
    assert.deepEqual(rows.map((row) => `${row.deviceId} ${row.status}`), ['job-1 completed', 'job-2 completed']);
    const listed = await jobs.createQuery('scheduleUpdateTwin', 'completed').next();
    assert.ok(listed.result.some((each) => each.jobId === 'twin-job'));
    await assert.rejects(jobs.scheduleTwinUpdate('twin-job', '*', { etag: '*', tags: {} }, new Date(), 300));
  });

  test('A job calls a method of each device and keeps the answers', async () => {
    const leaf = certificates.selfSigned('called');
    await registry.create({ deviceId: 'called', authentication: { x509Thumbprint: { primaryThumbprint: leaf.sha256, secondaryThumbprint: null } } });
    await bulk(['away']);
    const device = await devices.connect(service.hub().hostName, leaf);
    let calls = 0;
    device.onDeviceMethod('reboot', (request, response) => {
      calls += 1;
      response.send(200, { rebooted: request.payload.hard }, () => {});
    });
    await eventually(5_000, 'the device takes methods', async () => (await service.hubRequest(
      'POST', '/twins/called/methods?api-version=2021-04-12', { body: { methodName: 'reboot', payload: { hard: false }, responseTimeoutInSeconds: 5 } })).status === 200);
    calls = 0;
    const call = { methodName: 'reboot', payload: { hard: true }, responseTimeoutInSeconds: 10 };
    await jobs.scheduleDeviceMethod('method-job', "deviceId IN ['called', 'away']", call, new Date(), 300);
    const done = await eventually(20_000, 'the job is completed', () => job('method-job'), (each) => each.status === 'completed');
    assert.deepEqual(done.deviceJobStatistics, { deviceCount: 2, failedCount: 1, succeededCount: 1, runningCount: 0, pendingCount: 0 });
    assert.equal(calls, 1);
    const rows = (await all("SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'method-job'")).flat();
    assert.deepEqual(rows.find((row) => row.deviceId === 'called').outcome, { deviceMethodResponse: { status: 200, payload: { rebooted: true } } });
    assert.match(rows.find((row) => row.deviceId === 'away').error.description, /not online/);
    await devices.disconnect(device);
  });

  test('A job that waits for its time can be cancelled', async () => {
    await jobs.scheduleTwinUpdate('later', '*', { etag: '*', tags: { never: true } }, new Date(Date.now() + 3_600_000), 300);
    await jobs.cancelJob('later');
    assert.equal((await job('later')).status, 'cancelled');
  });

  test('What is not supported says so in a form that clients read', async () => {
    assert.deepEqual((await registry.getConfigurations()).responseBody, []);
    assert.equal((await service.hubRequest('GET', '/configurations/none?api-version=2021-04-12')).status, 404);
    const put = await service.hubRequest('PUT', '/configurations/mine?api-version=2021-04-12', { body: { id: 'mine' } });
    assert.equal(put.status, 501);
    assert.match(put.body.Message, /^ErrorCode:NotSupported;Not supported here/);
    assert.equal((await service.hubRequest('GET', '/digitaltwins/q-1?api-version=2021-04-12')).status, 404);
  });

  test('A device that a policy let in is dropped when the key of its token is rolled', async () => {
    const { Client } = require('azure-iot-device');
    const { Mqtt } = require('azure-iot-device-mqtt');
    const { NoRetry } = require('azure-iot-common');
    await bulk(['by-policy']);
    const host = service.hub().hostName;
    const connect = async (slot) => {
      const key = policy('show', 'device', '--show-keys').match(new RegExp(`${slot} .*SharedAccessKey=(\\S+)`))[1];
      const token = SharedAccessSignature.create(`${host}/devices/by-policy`, 'device', key, Math.floor(Date.now() / 1000) + 600).toString();
      const client = Client.fromSharedAccessSignature(token, Mqtt);
      client.setRetryPolicy(new NoRetry());
      client.on('error', () => {});
      const lost = new Promise((resolve) => client.on('disconnect', resolve));
      await within(10_000, 'the device connects', client.open());
      return { client, lost };
    };
    const first = await connect('primary');
    policy('roll-key', 'device', '--slot', 'primary');
    await within(2_000, 'the connection is dropped', first.lost);
    const second = await connect('secondary');
    policy('roll-key', 'device', '--slot', 'primary');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await second.client.sendEvent(message('still here'));
    await second.client.close();
  });

  test('A rolled policy key is refused at once and the other stays good, without a restart', async () => {
    policy('create', 'dashboard', '--rights', 'RegistryRead');
    assert.doesNotMatch(policy('list'), /SharedAccessKey=/);
    const shown = () => policy('show', 'dashboard', '--show-keys').match(/HostName=\S+/g).map((each) => Registry.fromConnectionString(each));
    const [primary, secondary] = shown();
    await eventually(3_000, 'the policy is taken up', () => primary.list().then(() => true, () => false));
    await assert.rejects(primary.create({ deviceId: 'not-allowed' }), { name: 'UnauthorizedError' });
    policy('roll-key', 'dashboard', '--slot', 'primary');
    await within(2_000, 'the old key is refused', eventually(2_000, 'refused', () => primary.list().then(() => false, (error) => error.name === 'UnauthorizedError')));
    await secondary.list();
    await shown()[0].list();
    policy('delete', 'dashboard');
    await eventually(2_000, 'the policy is gone', () => secondary.list().then(() => false, (error) => error.name === 'UnauthorizedError'));
  });
});
