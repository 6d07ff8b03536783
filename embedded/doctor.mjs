/** The doctor under a name of its own: the same as `node embedded/bootstrap.mjs doctor`. */
process.argv.splice(2, process.argv.length, 'doctor');
await import('./bootstrap.mjs');
