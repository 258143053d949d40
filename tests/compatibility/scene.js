'use strict';

// A scene is one test file with a server of its own on a loopback address of its own.
// The file runs twice: first it starts the server, then it runs itself again with the server's root as trust, and the tests in it.
// NODE_EXTRA_CA_CERTS is read when node starts, and the SDKs offer no other way to trust a root everywhere.
const { spawn, execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const executable = process.env.PERENNIAL_BIN || path.join(__dirname, '../../artifacts/bin/Perennial.Server/release/perennial');

/** Runs the body's tests against a server with the given address, hubs and further arguments, which may be a function of the scene's folder. */
function scene(file, options, body) {
  if (process.env.PERENNIAL_SCENE) {
    play(JSON.parse(process.env.PERENNIAL_SCENE), body);
  } else {
    stage(file, options).then((status) => process.exit(status), (failure) => {
      console.error(failure.stack);
      process.exit(1);
    });
  }
}

async function stage(file, { address, hubs = ['hub=hub.perennial.test'], args = [] }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'perennial-scene-'));
  const data = path.join(folder, 'data');
  const further = typeof args === 'function' ? args(folder) : args;
  const start = () => startServer([
    'serve', '--data', data, '--host', 'dps.perennial.test', ...hubs.flatMap((hub) => ['--hub', hub]), '--bind', address,
    '--mqtt-port', '8883', '--amqp-port', '5671', '--https-port', '443', '--portal-port', '8080', ...further,
  ]);
  let server = start();
  process.on('exit', () => server.process.kill('SIGKILL'));
  try {
    await server.ready;
    const info = JSON.parse(execFileSync(executable, ['info', '--data', data, '--json']).toString());
    const environment = {
      PERENNIAL_SCENE: JSON.stringify({ folder, data, address, info }),
      PERENNIAL_ADDRESS: address,
      NODE_EXTRA_CA_CERTS: path.resolve(data, info.trustBundle),
      NODE_NO_WARNINGS: '1',
    };
    const status = await run(file, environment, async (signal) => {
      await endServer(server, signal);
      server = start();
      await server.ready;
    });
    if (status !== 0) {
      console.error(`--- the last lines of the server of ${path.basename(file)}\n${server.output().slice(-6000)}\n---`);
    }
    return (await stopServer(server)) || status;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function startServer(argv) {
  const child = spawn(executable, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server was not ready within 30 s:\n${output}`)), 30_000);
    const read = (chunk) => {
      output += chunk;
      if (/ready/i.test(output)) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(new Error(`the server ended with ${code ?? signal} before it was ready:\n${output}`)));
  });
  return { process: child, ready, output: () => output };
}

/** Ends the server with a signal; how it ended. */
async function endServer(server, signal) {
  const ended = new Promise((resolve) => server.process.once('exit', (code, by) => resolve(by ?? code)));
  server.process.kill(signal);
  const late = setTimeout(() => server.process.kill('SIGKILL'), 8_000);
  const how = await ended;
  clearTimeout(late);
  return how;
}

async function stopServer(server) {
  if (server.process.exitCode !== null || server.process.signalCode !== null) {
    console.error(`the server ended by itself (${server.process.exitCode ?? server.process.signalCode}):\n${server.output().slice(-6000)}`);
    return 1;
  }
  const how = await endServer(server, 'SIGTERM');
  if (how !== 0) {
    console.error(`SIGTERM ended the server with ${how} and not 0`);
    return 1;
  }
  return 0;
}

function run(file, environment, restart) {
  const child = spawn(process.execPath, ['--require', path.join(__dirname, 'names.cjs'), file], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  });
  child.on('message', ({ signal }) => restart(signal).then(() => child.send({ restarted: true }), (error) => child.send({ failed: error.message })));
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ? 1 : code)));
}

/** Has the server ended by a signal and started again, on the same data. */
function restart(signal) {
  return new Promise((resolve, reject) => {
    process.once('message', ({ failed }) => {
      process.channel.unref();
      return failed ? reject(new Error(failed)) : resolve();
    });
    process.channel.ref();
    process.send({ signal });
  });
}

function play({ folder, info, address }, body) {
  const { test, after } = require('node:test');
  const { Certificates } = require('./certificates.js');
  const { Service } = require('./service.js');
  const { Devices } = require('./devices.js');

  const devices = new Devices(info);
  const service = new Service(info);
  after(async () => {
    await devices.close();
    await service.close();
    // A client of a refused connection may keep the process awake.
    setTimeout(() => process.exit(), 3_000).unref();
  });
  body({
    test: (name, run) => test(name, { timeout: 120_000 }, run),
    info,
    address,
    folder,
    certificates: new Certificates(path.join(folder, 'certificates')),
    devices,
    service,
    restart,
  });
  process.channel?.unref();
}

module.exports = { scene };
