'use strict';

// Devices as their makers write them: the unmodified device SDKs.
const { once } = require('node:events');
const { NoRetry } = require('azure-iot-common');
const { Client, Message } = require('azure-iot-device');
const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { SymmetricKeySecurityClient } = require('azure-iot-security-symmetric-key');
const { X509Security } = require('azure-iot-security-x509');
const { within } = require('./waiting.js');

const provisioning = {
  mqtt: () => new (require('azure-iot-provisioning-device-mqtt').Mqtt)(),
  'mqtt-ws': () => new (require('azure-iot-provisioning-device-mqtt').MqttWs)(),
  amqp: () => new (require('azure-iot-provisioning-device-amqp').Amqp)(),
  'amqp-ws': () => new (require('azure-iot-provisioning-device-amqp').AmqpWs)(),
  http: () => new (require('azure-iot-provisioning-device-http').Http)(),
};

const hub = {
  mqtt: require('azure-iot-device-mqtt').Mqtt,
  'mqtt-ws': require('azure-iot-device-mqtt').MqttWs,
  amqp: require('azure-iot-device-amqp').Amqp,
  'amqp-ws': require('azure-iot-device-amqp').AmqpWs,
  http: require('azure-iot-device-http').Http,
};

class Devices {
  #clients = new Set();

  constructor(info) {
    this.info = info;
  }

  /** Registers with the provisioning service; the registration state, or the SDK's error. */
  provision(leaf, { transport = 'mqtt', registrationId = leaf.commonName, payload } = {}) {
    const security = leaf.symmetricKey
      ? new SymmetricKeySecurityClient(registrationId, leaf.symmetricKey)
      : new X509Security(registrationId, { cert: leaf.chain, key: leaf.key });
    const client = ProvisioningDeviceClient.create(this.info.provisioningHost, this.info.idScope, provisioning[transport](), security);
    if (payload !== undefined) {
      client.setProvisioningPayload(payload);
    }
    return within(60_000, `${registrationId} is registered over ${transport}`, client.register());
  }

  /** A client that is connected to the hub and does not retry, so that every refusal and loss shows at once. */
  async connect(hostName, leaf, { transport = 'mqtt', deviceId = leaf.commonName } = {}) {
    const client = this.client(hostName, leaf, { transport, deviceId });
    client.setRetryPolicy(new NoRetry());
    client.lost = once(client, 'disconnect');
    client.lost.catch(() => {});
    await within(30_000, `${deviceId} connects over ${transport}`, client.open());
    return client;
  }

  /** A client with the SDK's own retry policy, not yet connected. */
  client(hostName, leaf, { transport = 'mqtt', deviceId = leaf.commonName } = {}) {
    const credential = leaf.symmetricKey ? `SharedAccessKey=${leaf.symmetricKey}` : 'x509=true';
    const client = Client.fromConnectionString(`HostName=${hostName};DeviceId=${deviceId};${credential}`, hub[transport]);
    client.setMaxOperationTimeout?.(30_000);
    if (!leaf.symmetricKey) {
      // The HTTP transport applies these options without ever calling back.
      client.setOptions({ cert: leaf.chain, key: leaf.key }, () => {});
    }
    client.on('error', () => {});
    this.#clients.add(client);
    return client;
  }

  async provisionAndConnect(leaf, options) {
    const registration = await this.provision(leaf, options);
    return this.connect(registration.assignedHub, leaf, { ...options, deviceId: registration.deviceId });
  }

  async disconnect(client) {
    this.#clients.delete(client);
    client.removeAllListeners('disconnect');
    await within(5_000, 'the client closes', client.close());
  }

  async close() {
    await Promise.allSettled([...this.#clients].map((client) => this.disconnect(client)));
  }
}

/** A device with a symmetric key instead of a certificate. */
function keyed(commonName, symmetricKey) {
  return { commonName, symmetricKey };
}

/** A telemetry message with properties. */
function message(body, properties = {}) {
  const made = new Message(body);
  for (const [key, value] of Object.entries(properties)) {
    made.properties.add(key, value);
  }
  return made;
}

module.exports = { Devices, keyed, message };
