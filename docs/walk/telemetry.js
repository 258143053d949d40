'use strict';

// node telemetry.js [FROM]: prints the telemetry of the first hub from a sequence on, as it comes in, until it is stopped.
const fs = require('node:fs');
const https = require('node:https');
const { ConnectionString, SharedAccessSignature } = require('azure-iothub');

const [from = '1'] = process.argv.slice(2);
const { hubs: [{ name, hostName, connectionString }] } = JSON.parse(fs.readFileSync(process.env.INFO, 'utf8'));
const { SharedAccessKeyName, SharedAccessKey } = ConnectionString.parse(connectionString);
const token = SharedAccessSignature.create(hostName, SharedAccessKeyName, SharedAccessKey, Math.floor(Date.now() / 1000) + 3600).toString();

/** One page of the feed; the service waits up to ten seconds for its first line. */
function read(from) {
  const path = `/hubs/${name}/telemetry?from=${from}&wait=10`;
  https.get({ host: hostName, path, headers: { authorization: token } }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => (text += chunk));
    response.on('end', () => {
      const lines = text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
      for (const { sequence, enqueuedTime, deviceId, body } of lines) {
        console.log(`${sequence} ${enqueuedTime} ${deviceId}: ${Buffer.from(body, 'base64')}`);
      }
      read(lines.length > 0 ? lines.at(-1).sequence + 1 : from);
    });
  });
}

read(Number(from));
