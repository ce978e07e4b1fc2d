/** The base URL of an API, as clients take it: an address without a path is a server whose API is at `/v1`. */
export function apiUrl(address: string): string {
  return new URL(address).pathname === '/' ? `${address.replace(/\/$/, '')}/v1` : address;
}
