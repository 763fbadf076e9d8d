/** The build puts a page of Markdown into the program as the text that it is. */
declare module '*.md' {
  const page: string
  // biome-ignore lint/style/noDefaultExport: a text has no names
  export default page
}
