'use strict';

// node device.js ID CERTIFICATE KEY [MESSAGES]
// A device as its maker would write it: registers, connects to the hub it was assigned, sends. Nothing in it knows of Perennial.
const fs = require('node:fs');
const { Client, Message } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { Mqtt: ProvisioningMqtt } = require('azure-iot-provisioning-device-mqtt');
const { X509Security } = require('azure-iot-security-x509');

const [id, certificate, key, messages = '3'] = process.argv.slice(2);
const credential = { cert: fs.readFileSync(certificate, 'utf8'), key: fs.readFileSync(key, 'utf8') };
const { provisioningHost, idScope } = JSON.parse(fs.readFileSync(process.env.INFO, 'utf8'));

async function main() {
  const security = new X509Security(id, credential);
  const registration = await ProvisioningDeviceClient.create(provisioningHost, idScope, new ProvisioningMqtt(), security).register();
  console.log(`registered: hub ${registration.assignedHub}, record of ${registration.createdDateTimeUtc}`);

  const client = Client.fromConnectionString(`HostName=${registration.assignedHub};DeviceId=${registration.deviceId};x509=true`, Mqtt);
  await client.setOptions(credential);
  await client.open();
  for (let number = 1; number <= Number(messages); number++) {
    await client.sendEvent(new Message(`message ${number} from ${id}`));
    console.log(`sent ${number}`);
  }
  await client.close();
}

main().then(() => process.exit(0), (error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
