/** What a check found in a text: `critique.findings` of a state, `metadata.findings` of a version. */
export interface Finding {
  rule: string;
  severity: 'error' | 'warning';
  message: string;
  spans: { start: number; end: number; quote: string }[];
  /** The earlier fact that it contradicts. */
  against?: string;
  hint: string;
  fingerprint: string;
}

/** The findings in a document of the server, what must not stand first. */
export function findings(of: unknown): Finding[] {
  const found = (of as { findings?: Finding[] } | null | undefined)?.findings ?? [];
  return [...found].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
}
