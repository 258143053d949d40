'use strict';

// How long the unmodified provisioning SDK takes from connect to assigned. Not a test: it prints a table.
//   node tests/compatibility/time-to-assigned.js
const { scene } = require('./scene.js');

const rounds = 30;

scene(__filename, { address: '127.0.0.60' }, ({ test, certificates, devices, service }) => {
  test('the time from connect to assigned', async () => {
    const leaf = certificates.selfSigned('lamp-1');
    await service.enroll(leaf);
    const rows = [];
    for (const transport of ['mqtt', 'http']) {
      const times = [];
      for (let round = 0; round <= rounds; round++) {
        const began = performance.now();
        await devices.provision(leaf, { transport });
        times.push(performance.now() - began);
      }
      times.shift(); // the first loads the SDK's code
      times.sort((a, b) => a - b);
      const at = (share) => Math.round(times[Math.floor((times.length - 1) * share)]);
      rows.push({ transport, 'median ms': at(0.5), 'p95 ms': at(0.95), 'max ms': at(1) });
    }
    console.table(rows);
  });
});
