/** How the API server says that a value will not do. Values are printed as JSON. */
export function invalid(path: string, value: unknown, detail: string): string {
  return `${path}: Invalid value: ${JSON.stringify(value ?? null)}: ${detail}`
}

export function forbidden(path: string, detail: string): string {
  return `${path}: Forbidden: ${detail}`
}

/** What it says when the fault is in no field. */
export function internal(detail: string): string {
  return `Internal error occurred: ${detail}`
}
