import type { Life, LifeCommand } from './life';

/** Lives that are a little simpler: without one of the commands or settings, or with something plainer in its place. */
export function* shorterLives(life: Life): Generator<Life> {
  const { settings, start, commands } = life;

  // From the end, and runs of several first: most of a life has nothing to do with what went wrong.
  for (let length = commands.length >> 1; length >= 1; length >>= 1) {
    for (let from = commands.length - length; from >= 0; from -= length) {
      yield { ...life, commands: commands.filter((_, nth) => nth < from || nth >= from + length) };
    }
  }

  for (const key of Object.keys(settings)) {
    yield { ...life, settings: Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key)) };
  }
  if ((start.addons ?? []).length > 0) {
    yield { ...life, start: { ...start, addons: [] } };
  }
  if (start.startDays !== undefined) {
    const { startDays: _startDays, ...now } = start;
    yield { ...life, start: now };
  }
  const plain = {
    seats: 1,
    trial: false,
    anchorDay: null,
    termDays: null,
    pays: 'tok_ok',
    plan: '300K',
    code: null,
    taxByDate: false,
  } as const;

  for (const [key, value] of Object.entries(plain)) {
    const has = start[key as keyof typeof plain];

    if (has !== undefined && has !== value) {
      yield { ...life, start: { ...start, [key]: value } };
    }
  }

  for (const [nth, command] of commands.entries()) {
    for (const simpler of simplerCommands(command)) {
      yield { ...life, commands: commands.map((one, other) => (other === nth ? simpler : one)) };
    }
  }
}

function* simplerCommands(command: LifeCommand): Generator<LifeCommand> {
  for (const said of ['billed', 'unused']) {
    if (said in command) {
      yield Object.fromEntries(Object.entries(command).filter(([name]) => name !== said)) as LifeCommand;
    }
  }

  switch (command.do) {
    case 'wait':
      if (command.hours > 0) {
        yield { ...command, hours: 0 };
      }
      yield* [...smaller(command.days)].map((days) => ({ ...command, days }));
      break;
    case 'forecast':
      yield { do: 'wait', days: command.days, hours: 0 };
      break;
    case 'change':
      if (command.plan !== null && command.seats !== null) {
        yield* [
          { ...command, seats: null },
          { ...command, plan: null },
        ];
      }
      break;
    case 'buy':
      if (command.count > 1) {
        yield { ...command, count: 1 };
      }

      if (command.addons.length > 1) {
        yield* command.addons.map((addon) => ({ ...command, addons: command.addons.filter((one) => one !== addon) }));
      }
      break;
    case 'topUp':
      if (command.count > 1) {
        yield { ...command, count: 1 };
      }
      break;
    case 'refund':
    case 'credit':
      if (command.part !== null && command.part !== 500_000) {
        yield { ...command, part: 500_000 };
      }
      break;
    case 'calls':
      if (command.hoursAgo > 0) {
        yield { ...command, hoursAgo: 0 };
      }

      if (command.count > 1) {
        yield { ...command, count: 1 };
      }
      break;
    case 'grant':
      if (command.days !== null) {
        yield { ...command, days: null };
      }
      break;
    case 'phases':
      for (const phase of command.phases) {
        yield { ...command, phases: command.phases.filter((one) => one !== phase) };
      }
      break;
    case 'record':
      if (command.part !== 1_000_000) {
        yield { ...command, part: 1_000_000 };
      }
      break;
    case 'pageTells':
      if (command.outcome !== 'paid') {
        yield { ...command, outcome: 'paid' };
      }
  }
}

function* smaller(days: number): Generator<number> {
  for (let less = days >> 1; less > 0; less >>= 1) {
    yield days - less;
  }

  if (days === 1) {
    yield 0;
  }
}
