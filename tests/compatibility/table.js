'use strict';

// node table.js TAP : every test that docs/compatibility.md names ran and passed, by the results of this run; and no cell says yes by itself.
const fs = require('node:fs');
const path = require('node:path');

const page = fs.readFileSync(path.join(__dirname, '../../docs/compatibility.md'), 'utf8');
const passed = new Set([...fs.readFileSync(process.argv[2], 'utf8').matchAll(/^ *ok \d+ - (.*)$/gm)].map(([, name]) => name.replaceAll('\\#', '#')));
const named = [...page.matchAll(/\[[^\]]*\]\((\.\.\/tests\/compatibility\/[^ )]+) "([^"]+)"\)/g)].map(([, file, name]) => ({ file, name }));

const faults = named.flatMap(({ file, name }) => [
  ...(fs.existsSync(path.join(__dirname, '../../docs', file)) ? [] : [`there is no ${file}`]),
  ...(passed.has(name) ? [] : [`no test "${name}" passed`]),
]);
for (const line of page.split('\n').filter((line) => line.startsWith('|'))) {
  if (/\|\s*yes\s*\|/.test(line)) {
    faults.push(`a cell says yes and names no test: ${line}`);
  }
}
if (named.length === 0) {
  faults.push('docs/compatibility.md names no test');
}

faults.forEach((fault) => console.error(fault));
console.log(`${named.length} cells, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
