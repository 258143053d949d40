'use strict';
// node follow.js ID CERTIFICATE KEY NEXT_CERTIFICATE NEXT_KEY: registers, and follows whichever offer comes. INFO names the file of `perennial info --json`.
const fs = require('node:fs');
const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { Mqtt: ProvisioningMqtt } = require('azure-iot-provisioning-device-mqtt');
const { X509Security } = require('azure-iot-security-x509');
const [id, ...files] = process.argv.slice(2);
const { provisioningHost, idScope } = JSON.parse(fs.readFileSync(process.env.INFO, 'utf8'));
const [old, next] = [0, 2].map((at) => ({ cert: fs.readFileSync(files[at], 'utf8'), key: fs.readFileSync(files[at + 1], 'utf8') }));
let isTold = false;
async function connect(credential) {
  const registration = await ProvisioningDeviceClient.create(provisioningHost, idScope, new ProvisioningMqtt(), new X509Security(id, credential)).register();
  const client = Client.fromConnectionString(`HostName=${registration.assignedHub};DeviceId=${registration.deviceId};x509=true`, Mqtt);
  await client.setOptions(credential);
  await client.open();
  const roll = async ({ certificateRenewal: window } = {}) => {
    if (!window || isTold) return false;
    isTold = true; // once is enough, however often it is told
    const moment = Date.parse(window.notBefore) + Math.random() * (Date.parse(window.notAfter) - Date.parse(window.notBefore));
    setTimeout(() => client.close().then(() => connect(next)), Math.max(500, moment - Date.now()));
    return true;
  };
  client.onDeviceMethod('rollCertificate', async (request, response) => response.send(await roll(request.payload) ? 200 : 400, {}));
  (await client.getTwin()).on('properties.desired', roll);
  await roll(registration.payload);
  console.log(`connected with ${credential === next ? 'the next' : 'the old'} certificate`);
}
connect(old).catch((error) => { console.error(error.message); process.exit(1); });
