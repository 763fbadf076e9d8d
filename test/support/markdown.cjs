// Lets a test import a Markdown page as the text that it is, as the build does.
module.exports = {
  process: (text) => ({ code: `module.exports = ${JSON.stringify(text)}` }),
}
