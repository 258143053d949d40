'use strict';

const assert = require('node:assert/strict');
const { scene } = require('./scene.js');
const { SoftwareTpm, registrationIdOf } = require('./software-tpm.js');
const { within } = require('./waiting.js');

const transports = {
  amqp: () => new (require('azure-iot-provisioning-device-amqp').Amqp)(),
  'amqp-ws': () => new (require('azure-iot-provisioning-device-amqp').AmqpWs)(),
  http: () => new (require('azure-iot-provisioning-device-http').Http)(),
};

scene(__filename, { address: '127.0.0.76' }, ({ test, info, service }) => {
  const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
  const { Client, Message } = require('azure-iot-device');
  const { Mqtt } = require('azure-iot-device-mqtt');
  const register = (tpm, transport) => within(60_000, `${tpm.registrationId} is registered over ${transport}`, ProvisioningDeviceClient
    .create(info.provisioningHost, info.idScope, transports[transport](), tpm).register());
  const enroll = (tpm, rest = {}) => service.saveEnrollment({
    registrationId: tpm.registrationId, attestation: { type: 'tpm', tpm: { endorsementKey: tpm.endorsementKey } }, ...rest,
  });

  for (const transport of Object.keys(transports)) {
    test(`A device with a TPM is provisioned over ${transport} and sends with a token that its TPM signs`, async () => {
      const tpm = new SoftwareTpm();
      try {
        tpm.registrationId = registrationIdOf(Buffer.from(tpm.endorsementKey, 'base64'));
        const saved = await enroll(tpm);
        assert.equal(saved.attestation.tpm.endorsementKey, tpm.endorsementKey);
        const { registrationState } = await register(tpm, transport).then((result) => ({ registrationState: result.registrationState ?? result }));
        assert.equal(registrationState.status, 'assigned');

        const resource = `${registrationState.assignedHub}/devices/${registrationState.deviceId}`;
        const client = Client.fromSharedAccessSignature(tpm.token(resource), Mqtt);
        await within(30_000, 'the device connects', client.open());
        await client.sendEvent(new Message('signed by the TPM'));
        await client.close();
        const [line] = await service.telemetry({ filter: (each) => each.deviceId === registrationState.deviceId });
        assert.equal(Buffer.from(line.body, 'base64').toString(), 'signed by the TPM');
      } finally {
        tpm.end();
      }
    });
  }

  test('Another TPM under the same name is unauthorized', async () => {
    const [enrolled, other] = [new SoftwareTpm('held'), new SoftwareTpm('held')];
    try {
      await enroll(enrolled);
      await assert.rejects(register(other, 'http'));
      await assert.rejects(service.registration('held'));
    } finally {
      enrolled.end();
      other.end();
    }
  });
});
