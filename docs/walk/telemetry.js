'use strict';

// node telemetry.js [FROM]: prints the telemetry of the first hub from a sequence on, as it was sent.
const fs = require('node:fs');
const https = require('node:https');
const { ConnectionString, SharedAccessSignature } = require('azure-iothub');

const [from = '1'] = process.argv.slice(2);
const { hubs: [{ name, hostName, connectionString }] } = JSON.parse(fs.readFileSync(process.env.INFO, 'utf8'));
const { SharedAccessKeyName, SharedAccessKey } = ConnectionString.parse(connectionString);
const token = SharedAccessSignature.create(hostName, SharedAccessKeyName, SharedAccessKey, Math.floor(Date.now() / 1000) + 3600).toString();

https.get({ host: hostName, path: `/hubs/${name}/telemetry?from=${from}`, headers: { authorization: token } }, (response) => {
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines.filter(Boolean).map((text) => JSON.parse(text))) {
      console.log(`${line.sequence} ${line.enqueuedTime} ${line.deviceId}: ${Buffer.from(line.body, 'base64')}`);
    }
  });
});
