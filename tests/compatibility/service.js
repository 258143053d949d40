'use strict';

// The operator's side: the unmodified service SDKs, and plain HTTPS for what they cannot ask.
const https = require('node:https');
const { ProvisioningServiceClient } = require('azure-iot-provisioning-service');
const { AmqpWs } = require('azure-iothub/dist/amqp_ws.js');
const { Client, ConnectionString, SharedAccessSignature, Registry } = require('azure-iothub');
const { eventually, within } = require('./waiting.js');

class Service {
  constructor(info) {
    this.info = info;
    this.senders = [];
    this.provisioning = ProvisioningServiceClient.fromConnectionString(info.provisioningConnectionString);
  }

  hub(name = this.info.hubs[0].name) {
    return this.info.hubs.find((hub) => hub.name === name);
  }

  registry(name) {
    return Registry.fromConnectionString(this.hub(name).connectionString);
  }

  /** An open client that sends to devices; the same one as long as its connection lives. */
  async sender(transport = 'amqp') {
    this.senders.forEach((client) => client.close().catch(() => {}));
    const client = transport === 'amqp-ws'
      ? Client.fromConnectionString(this.hub().connectionString, AmqpWs)
      : Client.fromConnectionString(this.hub().connectionString);
    client.on('disconnect', () => {});
    await within(15_000, `the service connects over ${transport}`, client.open());
    this.senders = [client];
    return client;
  }

  /** Listens for feedback from now on; the answer waits for the records of these messages. */
  async feedback(client) {
    const records = [];
    const receiver = await new Promise((resolve, reject) => client.getFeedbackReceiver((error, made) => (error ? reject(error) : resolve(made))));
    receiver.on('message', (message) => {
      records.push(...JSON.parse(message.getData().toString()));
      receiver.complete(message, () => {});
    });
    const of = (ids) => records.filter(({ originalMessageId }) => ids.includes(originalMessageId));
    return async (ids) => {
      await eventually(40_000, `feedback on ${ids}`, () => of(ids).length, (count) => count >= ids.length);
      return of(ids);
    };
  }

  async close() {
    await Promise.allSettled(this.senders.map((client) => client.close()));
  }

  async enrollment(id) {
    return body(await this.provisioning.getIndividualEnrollment(id));
  }

  async group(id) {
    return body(await this.provisioning.getEnrollmentGroup(id));
  }

  async registration(id) {
    return body(await this.provisioning.getDeviceRegistrationState(id));
  }

  async saveEnrollment(enrollment) {
    return body(await this.provisioning.createOrUpdateIndividualEnrollment(enrollment));
  }

  async saveGroup(group) {
    return body(await this.provisioning.createOrUpdateEnrollmentGroup(group));
  }

  /** An individual enrollment with a leaf in the primary slot and maybe one in the secondary. */
  enroll(primary, { secondary, ...rest } = {}) {
    return this.saveEnrollment({
      registrationId: primary.commonName,
      attestation: { type: 'x509', x509: { clientCertificates: slots(primary, secondary) } },
      ...rest,
    });
  }

  /** An enrollment group with a signing certificate in the primary slot and maybe one in the secondary. */
  enrollGroup(id, primary, { secondary, ...rest } = {}) {
    return this.saveGroup({
      enrollmentGroupId: id,
      attestation: { type: 'x509', x509: { signingCertificates: slots(primary, secondary) } },
      ...rest,
    });
  }

  /** Reads an enrollment, lets the caller change its slots, writes back what was read. */
  async editEnrollment(id, change) {
    const read = await this.enrollment(id);
    change(read.attestation.x509.clientCertificates, read);
    return this.saveEnrollment(read);
  }

  async editGroup(id, change) {
    const read = await this.group(id);
    change(read.attestation.x509.signingCertificates, read);
    return this.saveGroup(read);
  }

  /** One HTTPS request to the provisioning service as an operator; the status, the headers and the parsed body. */
  request(method, path, options) {
    return send(this.info.provisioningConnectionString, method, path, options);
  }

  hubRequest(method, path, { hub, ...options } = {}) {
    return send(this.hub(hub).connectionString, method, path, options);
  }

  /** The lines of the telemetry feed that the filter accepts, read page by page until there are enough or the time is over. */
  async telemetry({ hub, from = 1, count = 1, filter = () => true, milliseconds = 15_000 }) {
    const { name } = this.hub(hub);
    const found = [];
    const end = Date.now() + milliseconds;
    while (found.length < count && Date.now() < end) {
      const { status, text } = await this.hubRequest('GET', `/hubs/${name}/telemetry?from=${from}&wait=1`, { hub });
      if (status !== 200) {
        throw new Error(`the telemetry feed answered ${status}: ${text}`);
      }
      const lines = text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
      found.push(...lines.filter(filter));
      from = lines.length > 0 ? lines.at(-1).sequence + 1 : from;
    }
    return found;
  }
}

function body(result) {
  return result.responseBody ?? result;
}

function slots(primary, secondary) {
  return { primary: { certificate: primary.pem }, ...(secondary && { secondary: { certificate: secondary.pem } }) };
}

function authorization(connectionString) {
  const { HostName, SharedAccessKeyName, SharedAccessKey } = ConnectionString.parse(connectionString);
  return SharedAccessSignature.create(HostName, SharedAccessKeyName, SharedAccessKey, Math.floor(Date.now() / 1000) + 600).toString();
}

function send(connectionString, method, path, { body: content, headers = {}, sas = authorization(connectionString) } = {}) {
  const { HostName } = ConnectionString.parse(connectionString);
  const payload = content === undefined ? undefined : typeof content === 'string' ? content : JSON.stringify(content);
  return new Promise((resolve, reject) => {
    const request = https.request({
      method,
      host: HostName,
      path,
      agent: false,
      headers: {
        ...(sas && { authorization: sas }),
        ...(payload !== undefined && { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(payload) }),
        ...headers,
      },
    }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text, body: parsed(text) }));
    });
    request.on('error', reject);
    request.end(payload);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

module.exports = { Service, body };
