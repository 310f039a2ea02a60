import type { RefusalTexts } from './refusal-error.js';

export type RequestRefusal =
  | 'Unauthenticated'
  | 'IdentityProviderAway'
  | 'RoleMayNot'
  | 'OutOfScope'
  | 'NotAssigned'
  | 'NotOwn'
  | 'NotHandedOver'
  | 'PurposeDiffers'
  | 'PurposeUnknown'
  | 'InputInvalid'
  | 'AreaCodeMalformed'
  | 'CursorInvalid'
  | 'AsOfMalformed'
  | 'AsOfInFuture'
  | 'AsOfIncomplete'
  | 'MinPositionMalformed'
  | 'PositionUnknown'
  | 'ArgumentsDiffer'
  | 'ViewsBehind'
  | 'RowParked'
  | 'CommandIdReused'
  | 'CommandConflict'
  | 'EventTooLarge'
  | 'LogBusy'
  | 'LogReadOnly'
  | 'DatabaseAway'
  | 'QueryInvalid'
  | 'QueryTooCostly'
  | 'RequestTooLarge'
  | 'RequestMalformed'
  | 'ServiceUnavailable'
  | 'InternalError';

/** Refusals that are not a rule of one service: the request itself, or who makes it. */
export const requestRefusals: RefusalTexts<RequestRefusal> = {
  Unauthenticated: {
    zh: '请先登录：{whyZh}。',
    en: 'Sign in first: {why}. Send "Authorization: Bearer TOKEN".',
    source: 'RFC 6750',
  },
  IdentityProviderAway: {
    zh: '统一身份认证服务暂时无法访问，无法核验令牌，本次未作处理，请稍后重试。',
    en: 'The identity provider does not answer, so that the token cannot be checked. Nothing was done: try again in a moment.',
    source: 'OpenID Connect Discovery 1.0',
  },
  RoleMayNot: {
    zh: '您的角色（{roleZh}）不能进行此操作：{actionZh}。可以进行的角色：{neededZh}。',
    en: 'Your role ({role}) may not do this: {action}. These may: {needed}.',
  },
  OutOfScope: {
    zh: '{area} 不在您的辖区 {scope} 内（{actionZh}）。',
    en: '{area} lies outside your area {scope} ({action}).',
  },
  NotAssigned: {
    zh: '该纠纷已指派给他人，您作为{roleZh}不能进行此操作：{actionZh}。',
    en: 'The dispute is assigned to somebody else: as {role} you may not do this ({action}).',
  },
  NotOwn: {
    zh: '作为{roleZh}，只能对本人的记录进行此操作：{actionZh}。',
    en: 'As {role} you may do this for yourself only ({action}).',
  },
  NotHandedOver: {
    zh: '该记录未移交给您，您作为{roleZh}不能进行此操作：{actionZh}。',
    en: 'It was not handed over to you: as {role} you may not do this ({action}).',
  },
  PurposeDiffers: {
    zh: '不能以“{purposeZh}”为目的进行此操作：{actionZh}。',
    en: 'This is not done for the purpose of {purpose} ({action}).',
    source: 'Personal Information Protection Law, arts. 5 and 6',
  },
  PurposeUnknown: {
    zh: '没有名为“{purpose}”的目的。可用：{known}。',
    en: 'There is no purpose "{purpose}": they are {known}.',
  },
  InputInvalid: {
    zh: '输入有误：{whyZh}。',
    en: 'The input is wrong: {why}.',
  },
  AreaCodeMalformed: {
    zh: '“{code}”不是有效的区划代码。',
    en: '"{code}" is no valid area code (2, 4, 6, 9, 12 or 15 digits of the official scheme).',
    source: 'GB/T 2260; statistical division codes',
  },
  CursorInvalid: {
    zh: '游标无效：请使用上一页返回的 endCursor。',
    en: 'The cursor is not one that a page returned: use endCursor of the page before.',
  },
  AsOfMalformed: {
    zh: 'asOf“{text}”既不是一个 RFC 3339 时间，也不是各服务的位置（每个服务至多一个）。',
    en: 'asOf "{text}" is neither one RFC 3339 time nor positions, at most one of each service.',
    source: 'RFC 3339',
  },
  AsOfInFuture: {
    zh: 'asOf {asOf} 尚未到来：{service} 的时间是 {now}。',
    en: 'asOf {asOf} is still to come: in {service} it is {now}.',
  },
  AsOfIncomplete: {
    zh: 'asOf 没有 {service} 的位置，而本次查询需要它的数据。',
    en: 'asOf names no position of {service}, which this query asks as well.',
  },
  MinPositionMalformed: {
    zh: 'minPosition“{text}”不是各服务的位置（每个服务至多一个）。',
    en: 'minPosition "{text}" is no list of positions, at most one of each service.',
  },
  PositionUnknown: {
    zh: '没有位置 {position}：{whyZh}。',
    en: 'There is no position {position}: {why}.',
  },
  ArgumentsDiffer: {
    zh: '同一请求中，各顶层字段的 {argument} 必须相同。',
    en: 'All root fields of one request must have the same {argument}.',
  },
  ViewsBehind: {
    zh: '{service} 尚未处理位置 {wanted}，目前处理到 {reached} 之前，{nextZh}。',
    en: '{service} has not applied position {wanted} yet, only those before {reached}: {next}.',
  },
  RowParked: {
    zh: '该记录有一项变更未能处理（位置 {position}），暂不显示。请联系系统管理员。',
    en: 'A change of this record could not be applied (position {position}): it is not shown until it is.',
  },
  CommandIdReused: {
    zh: '该 commandId 已用于另一项操作，请换用新的。',
    en: 'This commandId stood for another request before: use a new one.',
  },
  CommandConflict: {
    zh: '他人正在修改同一记录，请重试。',
    en: 'Others are changing the same record: try again.',
  },
  EventTooLarge: {
    zh: '内容过长：本次需要 {bytes} 字节，一项记录最多 {limit} 字节。请缩短文字。',
    en: 'This is too long for one record: {bytes} bytes of at most {limit}. Make its texts shorter.',
  },
  LogBusy: {
    zh: '系统繁忙，本次未作记录，请稍后重试。',
    en: 'There is too much to record at once; nothing of this was recorded. Try again in a moment.',
  },
  LogReadOnly: {
    zh: '该服务目前只能查询，不能记录，本次未作记录。请联系系统管理员：{reason}。',
    en: 'This service answers questions but records nothing now. Tell whoever runs it: {reason}.',
  },
  DatabaseAway: {
    zh: '数据库暂时无法访问，不能确定本次是否已作记录。请稍后用相同的 commandId 重新提交。',
    en: 'The database does not answer, and whether this was recorded is not known: send the same command again with the same commandId in a moment.',
  },
  QueryInvalid: {
    zh: '查询不合规范：{why}',
    en: 'The query is not valid: {why}',
    source: 'GraphQL specification, section 5',
  },
  QueryTooCostly: {
    zh: '查询过大：{whyZh}。请减少层级或每页数量。',
    en: 'The query asks for too much: {why}. Use fewer levels or smaller pages.',
  },
  RequestTooLarge: {
    zh: '请求过大：最多 {limit}。',
    en: 'The request is too large: at most {limit}.',
  },
  RequestMalformed: {
    zh: '请求无法解析：{why}。',
    en: 'The request cannot be read: {why}.',
    source: 'GraphQL over HTTP',
  },
  ServiceUnavailable: {
    zh: '服务 {service} 暂时无法访问，请稍后重试。',
    en: 'The service {service} cannot be reached now: try again later.',
  },
  InternalError: {
    zh: '系统内部错误，已记录。',
    en: 'Something failed inside; it has been logged.',
  },
};

/** What whoever asked too early can do; no time helps by itself when what is asked for is parked. */
export const whenBehind = {
  soon: { next: 'try again soon', nextZh: '请稍后重试' },
  parked: {
    next: 'it is parked and waits for an operator',
    nextZh: '该变更已搁置，请联系系统管理员',
  },
} as const;
