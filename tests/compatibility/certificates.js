'use strict';

// Certificates as an operator would make them: by openssl, in a folder of their own.
const { execFileSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const profiles = `
[req]
distinguished_name = name
prompt = no
[name]
CN = replaced by -subj
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[device]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost
`;

class Certificates {
  constructor(folder) {
    this.folder = folder;
    this.profiles = path.join(folder, 'profiles.cnf');
    this.made = 0;
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(this.profiles, profiles);
  }

  /** A root that signs itself. */
  root(commonName) {
    return this.#selfSigned(commonName, 'root');
  }

  /** A signing certificate below another. */
  intermediate(commonName, issuer) {
    return this.#signed(commonName, 'authority', issuer);
  }

  /** A device certificate that signs itself. */
  selfSigned(commonName) {
    return this.#selfSigned(commonName, 'device');
  }

  /** A device certificate below a signing certificate; days below zero make it expired. */
  leaf(commonName, issuer, days = 30) {
    return this.#signed(commonName, 'device', issuer, days);
  }

  /** The certificate of a server on localhost. */
  server(issuer) {
    return this.#signed('localhost', 'server', issuer);
  }

  #selfSigned(commonName, profile) {
    const { key, file } = this.#key();
    this.#openssl('req', '-x509', '-new', '-key', key, '-out', file, '-subj', `/CN=${commonName}`, '-days', '30', '-config', this.profiles,
      '-extensions', profile);
    return this.#result(commonName, key, file, []);
  }

  #signed(commonName, profile, issuer, days = 30) {
    const { key, file } = this.#key();
    const request = `${file}.csr`;
    this.#openssl('req', '-new', '-key', key, '-out', request, '-subj', `/CN=${commonName}`, '-config', this.profiles);
    this.#openssl('x509', '-req', '-in', request, '-out', file, '-CA', issuer.file, '-CAkey', issuer.keyFile, '-days', String(days),
      '-set_serial', `0x4${randomBytes(15).toString('hex')}`, '-extfile', this.profiles, '-extensions', profile);
    return this.#result(commonName, key, file, issuer.selfIssued ? [] : [issuer, ...issuer.issuers]);
  }

  #key() {
    const file = path.join(this.folder, `${++this.made}.pem`);
    const key = `${file}.key`;
    this.#openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key);
    return { key, file };
  }

  #result(commonName, keyFile, file, issuers) {
    const pem = fs.readFileSync(file, 'utf8');
    const der = execFileSync('openssl', ['x509', '-in', file, '-outform', 'DER']);
    return {
      commonName,
      file,
      keyFile,
      key: fs.readFileSync(keyFile, 'utf8'),
      pem,
      der,
      issuers,
      selfIssued: issuers.length === 0 && isSelfIssued(file),
      /** The leaf and the intermediates above it, as a device presents them. */
      chain: [pem, ...issuers.map((issuer) => issuer.pem)].join(''),
      sha256: require('node:crypto').createHash('sha256').update(der).digest('hex').toUpperCase(),
    };
  }

  #openssl(...argv) {
    execFileSync('openssl', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

function isSelfIssued(file) {
  const names = execFileSync('openssl', ['x509', '-in', file, '-noout', '-subject', '-issuer']).toString().trim().split('\n');
  return names[0].replace('subject=', '') === names[1].replace('issuer=', '');
}

module.exports = { Certificates };
