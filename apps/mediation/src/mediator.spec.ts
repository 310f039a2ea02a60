import { given } from '#libs/event';
import { areaCode, EAST, LI, NOW, VILLAGE } from '../test/disputes.js';
import { enlistMediator, mediators, moveMediator, withdrawMediator } from './mediator.js';

const enlist = { mediator: LI, area: VILLAGE, at: NOW };
const withdraw = { mediator: LI, at: NOW };
const enlisted = { type: 'MediatorEnlisted', ...enlist } as const;
const withdrawn = { type: 'MediatorWithdrawn', ...withdraw } as const;

describe('enlisting a mediator', () => {
  it('lets disputes of the area be assigned to the holder of the post', () => {
    const mediator = given(mediators, []).when(enlistMediator, enlist);
    expect(mediator.then).toEqual([enlisted]);
    expect(mediator.state).toEqual({ status: 'serving', area: VILLAGE });
  });

  it('happens once', () => {
    const mediator = given(mediators, [enlisted]);
    expect(mediator.when(enlistMediator, enlist).then).toEqual([]);
    const elsewhere = mediator.when(enlistMediator, { ...enlist, area: areaCode('4301') });
    expect(elsewhere.then).toEqual([]);
  });

  it('does not bring back who was released: a new appointment has a new id', () => {
    const mediator = given(mediators, [enlisted, withdrawn]).when(enlistMediator, enlist);
    expect(mediator.then).toEqual([]);
    expect(mediator.state).toEqual({ status: 'released' });
  });
});

describe('moving a mediator whose post went along with its grid', () => {
  const move = { mediator: LI, area: EAST, at: NOW };
  const moved = { type: 'MediatorMoved', ...move } as const;

  it('lets disputes of the new area be assigned to them, once', () => {
    const mediator = given(mediators, [enlisted]).when(moveMediator, move);
    expect(mediator.then).toEqual([moved]);
    expect(mediator.state).toEqual({ status: 'serving', area: EAST });
    expect(mediator.when(moveMediator, move).then).toEqual([]);
  });

  it('is nothing to who was released meanwhile', () => {
    expect(given(mediators, [enlisted, withdrawn]).when(moveMediator, move).then).toEqual([]);
  });

  it('may be heard before the appointment, which then changes nothing', () => {
    const mediator = given(mediators, []).when(moveMediator, move);
    expect(mediator.then).toEqual([moved]);
    const late = mediator.when(enlistMediator, enlist);
    expect([late.then, late.state]).toEqual([[], { status: 'serving', area: EAST }]);
  });

  it('does not hinder the withdrawal', () => {
    const mediator = given(mediators, [enlisted, moved]).when(withdrawMediator, withdraw);
    expect(mediator.then).toEqual([withdrawn]);
  });
});

describe('withdrawing a mediator', () => {
  it('lets nothing be assigned to them any more', () => {
    const mediator = given(mediators, [enlisted]).when(withdrawMediator, withdraw);
    expect(mediator.then).toEqual([withdrawn]);
    expect(mediator.state).toEqual({ status: 'released' });
  });

  it('happens once', () => {
    const mediator = given(mediators, [enlisted]).when(withdrawMediator, withdraw);
    expect(mediator.when(withdrawMediator, withdraw).then).toEqual([]);
  });

  it('is recorded also of one who was never enlisted here, so that they never are', () => {
    const mediator = given(mediators, []).when(withdrawMediator, withdraw);
    expect(mediator.then).toEqual([withdrawn]);
    expect(mediator.when(enlistMediator, enlist).then).toEqual([]);
  });
});
