import { measureOverhead, measureStreams } from './measure-gateway.ts';
import { printRows } from './print-rows.ts';

printRows([...(await measureOverhead(100)), ...(await measureStreams())]);
