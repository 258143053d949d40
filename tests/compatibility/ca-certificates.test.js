'use strict';

// CA certificates of the service: uploaded, proven, referred to by groups. The SDK has no call for certificates; they go by plain HTTPS.
const assert = require('node:assert/strict');
const { scene } = require('./scene.js');
const { message } = require('./devices.js');
const { within } = require('./waiting.js');

const version = 'api-version=2022-12-12';
const unauthorized = { name: 'UnauthorizedError' };

scene(__filename, { address: '127.0.0.82' }, ({ test, info, certificates, devices, service }) => {
  const hub = info.hubs[0].hostName;

  const certificate = async (method, path, body) => {
    const answer = await service.request(method, `/certificates/${path}${path.includes('?') ? '&' : '?'}${version}`, { body, headers: { 'If-Match': '*' } });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };

  const verified = async (name, root) => {
    assert.equal((await certificate('PUT', name, { properties: { certificate: root.pem } })).properties.isVerified, false);
    const { properties } = await certificate('POST', `${name}/generateVerificationCode`);
    const proof = certificates.leaf(properties.verificationCode, root);
    assert.equal((await certificate('POST', `${name}/verify`, { certificate: proof.pem })).properties.isVerified, true);
  };

  const refer = (id, caReferences) => service.saveGroup({ enrollmentGroupId: id, attestation: { type: 'x509', x509: { caReferences } } });

  for (const transport of ['mqtt', 'amqp', 'http']) {
    test(`A device below a verified CA certificate that its group refers to is provisioned over ${transport} and sends`, async () => {
      const root = certificates.root(`Works ${transport}`);
      await verified(`works-${transport}`, root);
      const group = await refer(`works-${transport}`, { primary: `works-${transport}` });
      assert.deepEqual(group.attestation.x509.caReferences, { primary: `works-${transport}` });
      const leaf = certificates.leaf(`saw-${transport}`, certificates.intermediate(`Works line ${transport}`, root));
      const registration = await devices.provision(leaf, { transport });
      assert.equal(registration.x509.enrollmentGroupId, `works-${transport}`);
      const client = await devices.connect(hub, leaf, { transport });
      await client.sendEvent(message('by reference'));
      await devices.disconnect(client);
    });
  }

  test('A CA certificate that is not verified cannot be referred to', async () => {
    await certificate('PUT', 'unproven', { properties: { certificate: certificates.root('Unproven').pem } });
    await assert.rejects(refer('unproven', { primary: 'unproven' }), /not verified/);
    await assert.rejects(refer('absent', { primary: 'absent' }), /does not hold/);
  });

  test('A second CA certificate takes the fleet over, and deleting the first drops who still uses it', async () => {
    const [before, after] = [certificates.root('Mill root'), certificates.root('Mill root')];
    await verified('mill', before);
    await refer('mill', { primary: 'mill' });
    await verified('mill-next', after);
    const read = await service.group('mill');
    read.attestation.x509.caReferences.secondary = 'mill-next';
    await service.saveGroup(read);

    const laggard = certificates.leaf('wheel-1', before);
    const mover = certificates.leaf('wheel-2', before);
    const record = await devices.provision(mover);
    const live = await devices.provisionAndConnect(laggard);
    const moved = certificates.leaf('wheel-2', after);
    const client = await devices.connect(hub, moved);
    assert.equal((await devices.provision(moved)).createdDateTimeUtc, record.createdDateTimeUtc);

    await certificate('DELETE', 'mill');
    await within(2_000, 'the device below the deleted certificate is dropped', live.lost);
    await assert.rejects(devices.connect(hub, laggard), unauthorized);
    await assert.rejects(devices.provision(laggard), unauthorized);
    await client.sendEvent(message('taken over'));
    await devices.disconnect(client);

    const left = await service.group('mill');
    left.attestation.x509.caReferences = { primary: 'mill-next' };
    await service.saveGroup(left);
    await devices.disconnect(await devices.provisionAndConnect(moved));
  });
});
