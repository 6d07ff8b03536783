import { type Command, Option } from 'commander';

import { addDriftCommand } from './model-drift';
import { history, status } from './model-progress';
import { approve, begin, cancel, plan, rollback } from './model-switch';
import { parse, type SwitchWords } from './model-wish';
import { wholeNumber } from './subscription';

const language = (): Option => new Option('--lang <language>', 'of what is said').choices(['vi', 'en']).default('vi');

/** `bmms model …`: how the company does business, and its way to another model, on the system that runs. */
export function addModelCommand(program: Command): void {
  const model = program.command('model').description('the business model of a company, on the system that runs');
  const common = (command: Command): Command =>
    command
      .option('--company <slug>', 'company it belongs to (default: DEFAULT_COMPANY)')
      .option('--json', 'print JSON');
  const asking = (command: Command): Command =>
    common(command)
      .argument('[sentence]', 'what is asked for, as “Chuyển sang subscription 199k/tháng”')
      .option('--to <model>', 'retail, subscription, freemium or multi')
      .option('--intent <json>', 'what is asked for, as POST /model/parse takes it')
      .option('--target <kind>', 'local, kubernetes or directory (default: DEPLOYMENT_TARGET)')
      .option('--drain <word>', 'finish, refuse or wait: what becomes of open work', 'finish')
      .addOption(language());

  common(model.command('parse').description('read a sentence: the intent, or what has to be asked'))
    .argument('<sentence>', 'what is asked for, as “Chuyển sang subscription 199k/tháng”')
    .addOption(language())
    .action(parse);
  asking(model.command('plan').description('show what a switch would do, and change nothing')).action(plan);
  asking(model.command('switch').description('plan a switch, and carry it out once it is approved'))
    .option('--drain-minutes <number>', 'how long drain wait waits (default: 60)', wholeNumber)
    .option('--yes', 'approve the plan as it is shown')
    .option('--no-watch', 'do not wait for its end')
    .action(begin);
  common(model.command('status').description('how far a switch is; the latest one where none is named'))
    .argument('[id]', 'of the switch', wholeNumber)
    .option('--watch', 'wait for its end')
    .action((id: number | undefined, options: SwitchWords) => status(id, options));
  common(model.command('history').description('the last twenty switches, newest first')).action(history);
  addDriftCommand(common(model.command('drift')));
  common(model.command('approve').description('say yes to a switch'))
    .argument('<id>', 'of the switch', wholeNumber)
    .option('--plan-hash <hash>', 'of the plan that was shown')
    .option('--no-watch', 'do not wait for its end')
    .action(approve);
  common(model.command('cancel').description('call a switch off; what was applied is put back'))
    .argument('<id>', 'of the switch', wholeNumber)
    .action(cancel);
  common(model.command('rollback').description('plan the way back from a switch'))
    .argument('<id>', 'of the switch', wholeNumber)
    .addOption(language())
    .option('--yes', 'approve the plan as it is shown')
    .action(rollback);
}
