export type { Principal } from '../../../domain/identity/principal';
