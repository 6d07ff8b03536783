import {
  parseSubscriptionCommand,
  type RequestedCommand,
} from '../../domain/subscriptions/commands/subscription-command-schema';
import { orRefuse } from '../entity/read-message';
import type { CommandMessage } from './subscription-messages';

/** What a person sent from a terminal, as a command. @throws ApplicationFailure validation_failed */
export function readCommand(type: string, members: unknown): RequestedCommand {
  return orRefuse(() => parseSubscriptionCommand(type, members));
}

/** What an update carries. @throws ApplicationFailure validation_failed */
export function readCommandMessage(message: CommandMessage): CommandMessage {
  const { commandId, command } = (message ?? {}) as Partial<CommandMessage>;
  const { type, ...members } = command ?? { type: '' };

  return { commandId: String(commandId), command: readCommand(String(type), members) };
}
