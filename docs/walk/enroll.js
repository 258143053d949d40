'use strict';

// node enroll.js ID [--primary FILE|none] [--secondary FILE|none] [--policy PROFILE]
// Saves an individual enrollment: what is not named keeps the certificate it has. INFO is what `perennial info --json` printed.
const fs = require('node:fs');
const { parseArgs } = require('node:util');
const { ProvisioningServiceClient } = require('azure-iot-provisioning-service');

const { values: { policy, ...files }, positionals: [id] } = parseArgs({
  allowPositionals: true,
  options: { primary: { type: 'string' }, secondary: { type: 'string' }, policy: { type: 'string' } },
});
const { provisioningConnectionString } = JSON.parse(fs.readFileSync(process.env.INFO, 'utf8'));
const service = ProvisioningServiceClient.fromConnectionString(provisioningConnectionString);

async function main() {
  const enrollment = await service.getIndividualEnrollment(id).then((result) => result.responseBody, () => ({
    registrationId: id,
    attestation: { type: 'x509', x509: { clientCertificates: {} } },
  }));
  const slots = enrollment.attestation.x509.clientCertificates;
  for (const [slot, file] of Object.entries(files)) {
    if (file === 'none') {
      delete slots[slot];
    } else {
      slots[slot] = { certificate: fs.readFileSync(file, 'utf8') };
    }
  }
  if (policy) {
    enrollment.credentialPolicyName = policy;
  }
  const { responseBody: saved } = await service.createOrUpdateIndividualEnrollment(enrollment);
  for (const [slot, { info }] of Object.entries(saved.attestation.x509.clientCertificates).filter(([, value]) => value)) {
    console.log(`${slot}: ${info.subjectName}, good until ${info.notAfterUtc}, SHA-256 ${info.sha256Thumbprint}`);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
