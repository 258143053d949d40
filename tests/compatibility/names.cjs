'use strict';

// Preloaded before a scene: every host name under perennial.test is the scene's loopback address. The SDKs stay as they are.
const dns = require('node:dns');

const address = process.env.PERENNIAL_ADDRESS;
const lookup = dns.lookup;

dns.lookup = function (hostname, options, callback) {
  if (!hostname || !hostname.endsWith('.perennial.test')) {
    return lookup.call(dns, hostname, options, callback);
  }
  const answer = callback || options;
  const all = typeof options === 'object' && options !== null && options.all;
  process.nextTick(() => (all ? answer(null, [{ address, family: 4 }]) : answer(null, address, 4)));
};
