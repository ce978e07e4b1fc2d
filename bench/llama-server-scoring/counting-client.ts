import { HttpClient } from '../../src/engines/index.ts';

/** Counts the streams that it asks for. */
export class CountingClient extends HttpClient {
  requests = 0;

  override stream(...call: Parameters<HttpClient['stream']>): ReturnType<HttpClient['stream']> {
    this.requests++;
    return super.stream(...call);
  }
}
