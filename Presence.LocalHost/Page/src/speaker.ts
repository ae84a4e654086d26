/** Says to those who listen what has changed, politely: what comes together is said together, and not too much of it. */
const together = 1_500;
const most = 3;

const region = document.getElementById('spoken')!;
const waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export function say(sentence: string): void {
  if (!waiting.includes(sentence)) waiting.push(sentence);
  timer ??= setTimeout(() => {
    timer = undefined;
    const said = waiting.splice(0);
    region.textContent = [...said.slice(0, most), said.length > most && `And ${said.length - most} more changes`].filter(Boolean).join('. ') + '.';
  }, together);
}
