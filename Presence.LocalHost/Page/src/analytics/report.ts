/** What `GET /maintenance/analytics` answers. */
export interface Report {
  from: string;
  to: string;
  timeZone: string;
  days: Day[];
  peak: number;
  peakAt: string | null;
  sessions: { count: number; medianSeconds: number | null; p90Seconds: number | null; p95Seconds: number | null; p99Seconds: number | null };
  hours: number[];
  week: { weekday: string; hours: number[] }[];
}

export interface Day {
  day: string;
  users: number;
  guests: number;
  weeklyUsers: number;
  returnedAfterDay: number | null;
  returnedAfterWeek: number | null;
  peak: number;
  peakAt: string | null;
  sessions: number;
}
