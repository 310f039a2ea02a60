import type { ServiceStatus } from './house-status.js';

const STYLE =
  'body{font:16px/1.5 sans-serif;margin:2rem}table{border-collapse:collapse;margin:0 0 2rem}' +
  'th,td{border:1px solid #999;padding:.3rem .7rem;text-align:left}td.n{text-align:right}' +
  '.bad{background:#fdd}';

/** 现况页: the same as `/status.json`, for people. */
export function statusPage(services: readonly ServiceStatus[], now: string): string {
  return [
    '<!doctype html><html lang="zh"><meta charset="utf-8"><title>现况 Status</title>',
    `<style>${STYLE}</style><h1>现况 Status</h1><p>${escaped(now)}</p>`,
    ...services.map(section),
    '</html>\n',
  ].join('\n');
}

function section(status: ServiceStatus): string {
  const { service, head, readOnly, views, heard, masked, newsSeconds, parked } = status;
  const rebuild = views.rebuild;
  const notLive = views.states.filter(({ state }) => state !== 'live');
  return [
    `<h2>${escaped(service)}</h2><table>`,
    row('日志事件 Events in the log', head),
    readOnly === undefined ? '' : row('只读 Records nothing', readOnly, true),
    row('视图 Views read up to', views.position),
    row('视图滞后 Views behind', lagText(views)),
    views.generation === null ? '' : row('视图代 Generation of views', views.generation),
    rebuild === null
      ? ''
      : row('重建 Rebuilding', `${rebuild.generation}: ${rebuild.done} / ${rebuild.total}`),
    ...notLive.map(({ name, state }) => row(`视图 View ${name}`, state, true)),
    ...heard.map(heardRow),
    masked ? row('个人信息暂不显示 Personal data are masked', `${newsSeconds} s`, true) : '',
    row('搁置 Parked streams', parked.streams, parked.streams > 0),
    parked.streams === 0 ? '' : row('其后排队 Events queued behind', parked.queued),
    parked.streams === 0 ? '' : row('最久 Oldest', `${parked.oldestSeconds} s`),
    '</table>',
  ].join('\n');
}

function heardRow(heard: ServiceStatus['heard'][0]): string {
  const { origin, position, stopped, unreachable } = heard;
  if (stopped !== undefined) return row(`停止听取 Has stopped hearing ${origin}`, stopped, true);
  if (unreachable !== undefined) return row(`无法询问 Cannot ask ${origin}`, unreachable, true);
  return row(`听取 Hears ${origin} up to`, `${position}, ${lagText(heard)}`);
}

function lagText({ lagEvents, lagSeconds }: ServiceStatus['views'] | ServiceStatus['heard'][0]) {
  return lagEvents === 0 ? '0' : `${lagEvents} (${lagSeconds} s)`;
}

function row(name: string, value: string | number, isBad = false): string {
  const mark = isBad ? ' class="bad"' : '';
  return `<tr${mark}><th>${escaped(name)}</th><td>${escaped(String(value))}</td></tr>`;
}

function escaped(text: string): string {
  const signs = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' } as const;
  return text.replace(/[&<>"]/g, (sign) => signs[sign as keyof typeof signs]);
}
