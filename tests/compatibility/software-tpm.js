'use strict';

// A TPM in software (swtpm), as the SDK asks for one: the security client that a device maker writes for its TPM.
const { execFileSync } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// What tpm2_activatecredential expects before its two structures.
const credentialHeader = Buffer.from('badcc0de00000001', 'hex');

class SoftwareTpm {
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'perennial-tpm-'));

  constructor(registrationId) {
    this.registrationId = registrationId;
    this.#run('swtpm', 'socket', '--tpm2', '--daemon', '--pid', `file=${this.#at('pid')}`, '--tpmstate', `dir=${this.#folder}`,
      '--server', `type=unixio,path=${this.#at('tpm')}`, '--ctrl', `type=unixio,path=${this.#at('tpm.ctrl')}`, '--flags', 'startup-clear');
    this.#use('tpm2_createek', '-G', 'rsa', '-c', 'ek.ctx', '-u', 'ek.pub');
    this.#use('tpm2_createprimary', '-C', 'o', '-c', 'srk.ctx');
    this.#use('tpm2_readpublic', '-c', 'srk.ctx', '-o', 'srk.pub', '-f', 'tss');
  }

  get endorsementKey() {
    return this.#read('ek.pub').toString('base64');
  }

  getRegistrationId(callback) {
    callback(null, this.registrationId);
  }

  getEndorsementKey(callback) {
    callback(null, this.#read('ek.pub'));
  }

  getStorageRootKey(callback) {
    callback(null, this.#read('srk.pub'));
  }

  activateIdentityKey(blob, callback) {
    const [credential, secret, duplicate, seed, publicArea] = parts(blob);
    this.#write('credential', Buffer.concat([credentialHeader, credential, secret]));
    this.#write('key.dup', duplicate);
    this.#write('key.seed', seed);
    this.#write('key.pub', publicArea);
    this.#run('tpm2_startauthsession', '--policy-session', '-S', 'session.ctx');
    this.#run('tpm2_policysecret', '-S', 'session.ctx', '-c', 'e');
    this.#run('tpm2_activatecredential', '-c', 'srk.ctx', '-C', 'ek.ctx', '-i', 'credential', '-o', 'inner.key', '-P', 'session:session.ctx');
    this.#run('tpm2_flushcontext', 'session.ctx');
    this.#run('tpm2_flushcontext', '-t');
    this.#use('tpm2_import', '-C', 'srk.ctx', '-u', 'key.pub', '-i', 'key.dup', '-s', 'key.seed', '-k', 'inner.key', '-r', 'key.priv');
    this.#use('tpm2_load', '-C', 'srk.ctx', '-u', 'key.pub', '-r', 'key.priv', '-c', 'key.ctx');
    callback(null);
  }

  signWithIdentity(data, callback) {
    callback(null, this.sign(data));
  }

  /** HMAC by the key that was taken in, which never leaves the TPM. */
  sign(data) {
    this.#write('text', data);
    this.#use('tpm2_hmac', '-c', 'key.ctx', '-o', 'signature', 'text');
    return this.#read('signature');
  }

  /** A token for the hub. */
  token(resource) {
    const [sr, se] = [encodeURIComponent(resource), Math.floor(Date.now() / 1000) + 3600];
    return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(this.sign(Buffer.from(`${sr}\n${se}`)).toString('base64'))}&se=${se}`;
  }

  end() {
    process.kill(Number(this.#read('pid').toString()));
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  #at(name) {
    return path.join(this.#folder, name);
  }

  #read(name) {
    return fs.readFileSync(this.#at(name));
  }

  #write(name, bytes) {
    fs.writeFileSync(this.#at(name), bytes);
  }

  // Nothing stands between the tools and the TPM that would make room in it.
  #use(...command) {
    this.#run(...command);
    this.#run('tpm2_flushcontext', '-t');
  }

  #run(tool, ...argv) {
    execFileSync(tool, argv, { cwd: this.#folder, stdio: 'pipe', env: { ...process.env, TPM2TOOLS_TCTI: `swtpm:path=${this.#at('tpm')}` } });
  }
}

/** The registration id that tools make from an endorsement key: base32 of its SHA-256, in lower case. */
function registrationIdOf(endorsementKey) {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const bits = [...crypto.createHash('sha256').update(endorsementKey).digest()].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{1,5}/g).map((five) => letters[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

function parts(blob) {
  const found = [];
  for (let start = 0; start < blob.length;) {
    const end = start + 2 + blob.readUInt16BE(start);
    found.push(blob.subarray(start, end));
    start = end;
  }
  return found;
}

module.exports = { SoftwareTpm, registrationIdOf };
