export { type Cancel, Clock, Scheduler } from './scheduler.js';
export { SteppedClock, SystemClock } from './system-scheduler.js';
export { SimulatedScheduler } from './simulated-scheduler.js';
