const text = (description: string) => ({ type: 'string', minLength: 1, description });
/** Kafka's headers are bytes: a number is written in digits, -1 stands for none. */
const digits = (description: string) => ({
  type: 'string',
  pattern: '^(-1|\\d{1,15})$',
  description,
});

/** CloudEvents 1.0.2, and its protocol binding for Kafka, binary content mode (section 3.2). */
const COMMON = {
  'content-type': { const: 'application/json' },
  ce_specversion: { const: '1.0' },
  ce_id: text('ORIGIN@POSITION. With ce_source it is one event, however often it comes.'),
  ce_source: text('The name of the log, INSTALLATION/SERVICE: after a recovery another one.'),
  ce_type: text('SERVICE.EVENT, or fengqiao.progress.'),
  ce_time: { type: 'string', format: 'date-time', description: 'When it was recorded; UTC.' },
  ce_origin: text('The service.'),
  ce_after: digits('The position that was published before it, in any partition.'),
  ce_previous: digits('The position that was sent to this partition before it.'),
  ce_hmac: {
    type: 'string',
    pattern: '^[A-Za-z0-9+/]{43}=$',
    description:
      'By it the services know what a relay of theirs sent: HMAC-SHA-256 over place, headers and ' +
      'value, as docs/kafka.md says. Others do not have the key.',
  },
};

const EVENT = {
  ...COMMON,
  ce_subject: text('The stream; the message key is the same.'),
  ce_position: digits('Where it stands in its log: the index of its leaf.'),
  ce_streamversion: digits('Which event of its stream it is.'),
  ce_dataversion: digits('The version of the form of its data.'),
  ce_leafhash: {
    type: 'string',
    pattern: '^[A-Za-z0-9+/]{43}=$',
    description: 'The hash of its leaf in the log (RFC 6962), in base64.',
  },
};

const PROGRESS = {
  ...COMMON,
  ce_head: digits('Everything that was published before it was sent.'),
};

const allOf = (properties: object) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

/** The schemas that all messages share. */
export const cloudEventSchemas = {
  eventHeaders: allOf(EVENT),
  progressHeaders: allOf(PROGRESS),
  told: {
    type: 'object',
    required: ['actor', 'commandId', 'event'],
    properties: {
      actor: text('Who acted, by the name that their token had.'),
      commandId: text('The command that it came of.'),
      cause: text('The event that led to the command, when a reaction sent it.'),
      event: { type: 'object', description: 'What was recorded, as it is stored.' },
    },
  },
  progress: {
    type: 'object',
    required: ['origin', 'head'],
    properties: { origin: { type: 'string' }, head: { type: 'integer', minimum: 0 } },
  },
};
