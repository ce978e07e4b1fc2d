import { measureOverhead, measureStreams } from './measure-gateway.ts';
import { printRows } from './print-rows.ts';

printRows([...(await measureOverhead(300)), ...(await measureStreams())]);
