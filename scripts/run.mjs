// Every npm script starts here: `node scripts/run.mjs TASK [arguments]`, on whatever Node is there.
// This file keeps to old syntax and loads the rest late, so that an old Node reaches the refusal
// instead of a syntax error.
const oldest = 20;
const major = Number(process.versions.node.split('.')[0]);

if (major < oldest) {
  const found = `this is Node ${process.versions.node}`;
  process.stderr.write(`fengqiao: Node ${oldest} or newer is needed to start; ${found}\n`);
  process.exitCode = 1;
} else {
  import('./bootstrap/main.mjs').then(({ main }) => main(process.argv.slice(2)));
}
