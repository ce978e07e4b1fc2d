import { Option } from 'commander';
import { DataSource } from '../../benchmarks/data/data-source.ts';
import { loadProgress } from '../output/load-progress.ts';
import type { Terminal } from '../output/terminal.ts';

export interface DataFolderValues {
  readonly dataDir?: string;
}

export function dataFolderOption(): Option {
  return new Option(
    '--data-dir <folder>',
    'a folder with files of benchmarks as they are published, for machines without network',
  ).env('WELLBEGUN_DATA_DIR');
}

export function dataSource({ dataDir }: DataFolderValues, terminal: Terminal, signal?: AbortSignal): DataSource {
  return new DataSource({ folder: dataDir, progress: loadProgress(terminal).pull, signal });
}
