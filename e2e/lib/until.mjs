// Waiting for a condition, bounded. The pause only spares the processor: the condition decides.
import { setTimeout as pause } from 'node:timers/promises';

/** Asks until `probe` answers something true, and gives that; fails with `what` after 30 s. */
export async function until(what, probe) {
  const deadline = Date.now() + 30_000;
  let last;
  for (;;) {
    try {
      const answer = await probe();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`waited 30 s for: ${what}`, { cause: last });
    await pause(20);
  }
}
