/** In TypeScript sources `./name.js` names `./name.ts`; packages are left alone. */
module.exports = (request, options) => {
  if (/^\.{1,2}\/.*\.js$/.test(request) && !options.basedir.includes('node_modules')) {
    try {
      return options.defaultResolver(request.replace(/\.js$/, '.ts'), options);
    } catch {
      // A JavaScript file after all.
    }
  }

  return options.defaultResolver(request, options);
};
