'use strict';

const assert = require('node:assert/strict');
const { scene } = require('./scene.js');

scene(__filename, { address: '127.0.0.16' }, ({ test, certificates, service }) => {
  const stale = { name: 'InvalidEtagError' };
  const version = 'api-version=2021-10-01';

  const pages = async (query) => {
    const found = [];
    while (query.hasMoreResults) {
      const { responseBody } = await query.next(query.continuationToken);
      found.push(responseBody);
    }
    return found;
  };

  test('An enrollment is stored and read with everything that Azure shows', async () => {
    const leaf = certificates.selfSigned('complete');
    const saved = await service.enroll(leaf, { deviceId: 'complete-device', capabilities: { iotEdge: false } });
    const read = await service.enrollment('complete');
    assert.equal(read.registrationId, 'complete');
    assert.equal(read.deviceId, 'complete-device');
    assert.equal(read.provisioningStatus, 'enabled');
    assert.deepEqual(read.reprovisionPolicy, { updateHubAssignment: true, migrateDeviceData: true });
    assert.equal(read.etag, saved.etag);
    assert.match(read.createdDateTimeUtc, /Z$/);
    assert.equal(read.attestation.type, 'x509');
    const { info } = read.attestation.x509.clientCertificates.primary;
    assert.equal(info.sha256Thumbprint, leaf.sha256);
    assert.match(info.sha1Thumbprint, /^[0-9A-F]{40}$/);
    assert.equal(info.subjectName, 'CN=complete');
    assert.equal(info.issuerName, 'CN=complete');
    assert.equal(info.version, 3);
    assert.match(info.serialNumber, /^[0-9A-F]+$/);
    assert.ok(Date.parse(info.notBeforeUtc) < Date.parse(info.notAfterUtc));
  });

  test('A certificate is taken as PEM with any line ends and as bare base64', async () => {
    const leaf = certificates.selfSigned('forms');
    const base64 = leaf.der.toString('base64');
    for (const certificate of [leaf.pem, leaf.pem.replaceAll('\n', '\r\n'), base64, base64.replace(/(.{64})/g, '$1\n')]) {
      const saved = await service.enroll({ commonName: 'forms', pem: certificate });
      assert.equal(saved.attestation.x509.clientCertificates.primary.info.sha256Thumbprint, leaf.sha256);
    }
  });

  test('A stale etag is refused for an enrollment, a matching one and a star are taken', async () => {
    const leaf = certificates.selfSigned('tagged');
    const first = await service.enroll(leaf);
    const second = await service.saveEnrollment({ ...first, deviceId: 'second' });
    assert.notEqual(second.etag, first.etag);
    await assert.rejects(service.saveEnrollment({ ...first, deviceId: 'third' }), stale);
    assert.equal((await service.enrollment('tagged')).deviceId, 'second');
    await service.saveEnrollment({ ...second, etag: '*', deviceId: 'fourth' });
    await assert.rejects(service.provisioning.deleteIndividualEnrollment('tagged', first.etag), stale);
    const { etag } = await service.enrollment('tagged');
    await service.provisioning.deleteIndividualEnrollment('tagged', etag.replaceAll('"', ''));
    await assert.rejects(service.enrollment('tagged'), /[Nn]ot found/);
  });

  test('A stale etag is refused for an enrollment group', async () => {
    const first = await service.enrollGroup('tagged-group', certificates.root('Tagged'));
    await service.saveGroup({ ...first, provisioningStatus: 'disabled' });
    await assert.rejects(service.saveGroup({ ...first, provisioningStatus: 'enabled' }), stale);
    await assert.rejects(service.provisioning.deleteEnrollmentGroup('tagged-group', first.etag), stale);
    await service.provisioning.deleteEnrollmentGroup('tagged-group');
    await assert.rejects(service.group('tagged-group'), /[Nn]ot found/);
  });

  test('Enrollments are listed page by page and the last page says so', async () => {
    const names = Array.from({ length: 5 }, (_, number) => `listed-${number}`);
    for (const name of names) {
      await service.enroll(certificates.selfSigned(name));
    }
    const found = await pages(service.provisioning.createIndividualEnrollmentQuery({ query: '*' }, 2));
    const ids = found.flat().map((enrollment) => enrollment.registrationId);
    assert.ok(found.every((page) => page.length <= 2));
    assert.ok(names.every((name) => ids.includes(name)), ids.join());
    assert.equal(new Set(ids).size, ids.length);
  });

  test('Enrollment groups are listed page by page', async () => {
    const names = ['group-1', 'group-2', 'group-3'];
    for (const name of names) {
      await service.enrollGroup(name, certificates.root(name));
    }
    const found = await pages(service.provisioning.createEnrollmentGroupQuery({ query: 'SELECT * FROM enrollmentGroups' }, 1));
    const ids = found.flat().map((group) => group.enrollmentGroupId);
    assert.ok(names.every((name) => ids.includes(name)), ids.join());
  });

  test('A page carries the headers that every SDK reads', async () => {
    await service.enroll(certificates.selfSigned('headers-1'));
    await service.enroll(certificates.selfSigned('headers-2'));
    const first = await service.request('POST', `/enrollments/query?${version}`, { body: { query: '*' }, headers: { 'x-ms-max-item-count': '1' } });
    assert.equal(first.status, 200);
    assert.equal(first.headers['x-ms-item-type'], 'enrollment');
    assert.ok(first.headers['x-ms-continuation']);
    assert.match(first.headers['content-type'], /^application\/json/);
    const whole = await service.request('POST', `/enrollments/query?${version}`, { body: { query: 'select * from enrollments' } });
    assert.equal(whole.headers['x-ms-continuation'], undefined);
    const empty = await service.request('POST', `/registrations/no-such-group/query?${version}`, {});
    assert.ok(empty.status === 404 || (empty.status === 200 && empty.text === '[]'), `${empty.status} ${empty.text}`);
  });

  test('Creating answers 200, deleting 204 without a body, a missing one 404 with a document', async () => {
    const leaf = certificates.selfSigned('codes');
    const body = { registrationId: 'codes', attestation: { type: 'x509', x509: { clientCertificates: { primary: { certificate: leaf.pem } } } } };
    assert.equal((await service.request('PUT', `/enrollments/codes?${version}`, { body })).status, 200);
    assert.equal((await service.request('PUT', `/enrollments/other?${version}`, { body })).status, 400);
    const gone = await service.request('DELETE', `/enrollments/codes?${version}`);
    assert.equal(gone.status, 204);
    assert.equal(gone.text, '');
    const missing = await service.request('GET', `/enrollments/codes?${version}`);
    assert.equal(missing.status, 404);
    assert.equal(Math.floor(missing.body.errorCode / 1000), 404);
    assert.ok(missing.body.trackingId);
  });

  test('The service is asked with a valid token or not at all', async () => {
    for (const sas of [undefined, 'SharedAccessSignature sr=dps.perennial.test&sig=AAAA&se=4102444800&skn=provisioningserviceowner']) {
      const answer = await service.request('GET', `/enrollments/any?${version}`, sas ? { sas } : { sas: null });
      assert.equal(answer.status, 401);
    }
  });

  test('Nonsense is refused with 400', async () => {
    const put = (name, body) => service.request('PUT', `/enrollments/${name}?${version}`, { body });
    const enrollment = (slots) => ({ registrationId: 'wrong', attestation: { type: 'x509', x509: { clientCertificates: slots } } });
    assert.equal((await put('wrong', 'not json')).status, 400);
    assert.equal((await put('wrong', enrollment({}))).status, 400);
    assert.equal((await put('wrong', enrollment({ primary: { certificate: 'AAAA' } }))).status, 400);
    assert.equal((await put('wrong', { registrationId: 'wrong' })).status, 400);
    assert.equal((await put('wrong', enrollment({ primary: { info: { sha256Thumbprint: 'A'.repeat(64) } } }))).status, 400);
  });

  test('A certificate belongs to one entry only', async () => {
    const root = certificates.root('Only once');
    await service.enrollGroup('once', root);
    await assert.rejects(service.enrollGroup('twice', root), { name: 'DeviceAlreadyExistsError' });
  });

  test('The attestation of an enrollment can be asked for', async () => {
    const leaf = certificates.selfSigned('mechanism');
    await service.enroll(leaf);
    const { responseBody } = await service.provisioning.getIndividualEnrollmentAttestationMechanism('mechanism');
    assert.equal(responseBody.type, 'x509');
    assert.equal(responseBody.x509.clientCertificates.primary.info.sha256Thumbprint, leaf.sha256);
  });
});
