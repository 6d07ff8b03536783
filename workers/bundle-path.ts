import path from 'node:path';

/** Where the prebuilt workflow bundle lies, beside the compiled code. */
export const bundlePath = path.resolve(__dirname, '../workflow-bundle.js');
