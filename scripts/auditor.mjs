#!/usr/bin/env node
// The auditor's commands from any folder: paths are those of the caller.
import { main } from './bootstrap/main.mjs';

await main(['auditor', ...process.argv.slice(2)]);
