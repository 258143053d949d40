'use strict';

// A webhook of the operator chooses the hub of each device of a group.
const assert = require('node:assert/strict');
const { once } = require('node:events');
const fs = require('node:fs');
const https = require('node:https');
const path = require('node:path');
const { Certificates } = require('./certificates.js');
const { message } = require('./devices.js');
const { scene } = require('./scene.js');

const made = (folder) => path.join(folder, 'webhook.json');

function prepare(folder) {
  const certificates = new Certificates(path.join(folder, 'webhook'));
  const root = certificates.root('Webhook root');
  const server = certificates.server(root);
  fs.writeFileSync(made(folder), JSON.stringify({ cert: server.pem, key: server.key }));
  return ['--outgoing-trust', root.file, '--webhook-network', '127.0.0.0/8'];
}

/** A webhook that answers what the function makes of each question. */
async function webhook(folder, answer) {
  const questions = [];
  const server = https.createServer(JSON.parse(fs.readFileSync(made(folder), 'utf8')), (request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const question = JSON.parse(text);
      questions.push({ method: request.method, type: request.headers['content-type'], ...question });
      const { status = 200, headers = {}, body } = answer(question, questions.length);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    questions,
    url: `https://localhost:${server.address().port}/allocate`,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}

const hubs = ['hub-a=hub-a.perennial.test', 'hub-b=hub-b.perennial.test'];

scene(__filename, { address: '127.0.0.83', hubs, args: prepare }, ({ test, folder, certificates, devices, service }) => {
  const enroll = async (id, url) => {
    const signer = certificates.intermediate(id, certificates.root(`${id} root`));
    await service.enrollGroup(id, signer, { allocationPolicy: 'custom', customAllocationDefinition: { webhookUrl: url, apiVersion: '2021-10-01' } });
    return signer;
  };

  for (const transport of ['mqtt', 'amqp', 'http']) {
    test(`A device of a group goes over ${transport} to the hub that the webhook chooses`, async () => {
      const hook = await webhook(folder, ({ deviceRuntimeContext }) => ({
        body: {
          iotHubHostName: 'hub-b.perennial.test',
          initialTwin: { tags: { line: deviceRuntimeContext.payload.line } },
          payload: { greeting: `hello ${deviceRuntimeContext.registrationId}` },
        },
      }));
      const leaf = certificates.leaf(`chosen-${transport}`, await enroll(`custom-${transport}`, hook.url));
      const registration = await devices.provision(leaf, { transport, payload: { line: 7 } });
      assert.equal(registration.assignedHub, 'hub-b.perennial.test');
      assert.deepEqual(registration.payload, { greeting: `hello chosen-${transport}` });

      const [question] = hook.questions;
      assert.equal(question.method, 'POST');
      assert.match(question.type, /^application\/json/);
      assert.equal(question.enrollmentGroup.enrollmentGroupId, `custom-${transport}`);
      assert.deepEqual(question.enrollmentGroup.attestation, { type: 'x509' });
      assert.equal(question.deviceRuntimeContext.x509.certificateInfo.sha256Thumbprint, leaf.sha256);
      assert.deepEqual([...question.linkedHubs].sort(), ['hub-a.perennial.test', 'hub-b.perennial.test']);

      const twin = (await service.registry('hub-b').getTwin(leaf.commonName)).responseBody;
      assert.equal(twin.tags.line, 7);
      const client = await devices.connect(registration.assignedHub, leaf, { transport });
      await client.sendEvent(message('from the chosen hub'));
      await devices.disconnect(client);
      await hook.close();
    });
  }

  test('A webhook that fails is asked again, and the device waits for the answer', async () => {
    const hook = await webhook(folder, (_, number) => (number < 3 ? { status: 503, body: {} } : { body: { iotHubHostName: 'hub-a.perennial.test' } }));
    const registration = await devices.provision(certificates.leaf('patient', await enroll('flaky', hook.url)));
    assert.equal(registration.assignedHub, 'hub-a.perennial.test');
    assert.equal(hook.questions.length, 3);
    await hook.close();
  });

  test('A hub that was not offered, a redirect and a plain refusal fail the registration', async () => {
    for (const [name, answer] of [
      ['unoffered', { body: { iotHubHostName: 'hub-c.perennial.test' } }],
      ['redirected', { status: 302, headers: { location: '/elsewhere' }, body: {} }],
      ['refusing', { status: 403, body: {} }],
    ]) {
      const hook = await webhook(folder, () => answer);
      await assert.rejects(devices.provision(certificates.leaf(name, await enroll(name, hook.url))));
      assert.equal(hook.questions.length, 1);
      const record = await service.registration(name);
      assert.deepEqual([record.status, record.errorCode], ['failed', 400207]);
      await hook.close();
    }
  });
});
