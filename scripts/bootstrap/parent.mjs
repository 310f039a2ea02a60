// Loaded before every program that the bootstrap starts. The channel between the two closes when
// the bootstrap ends, even by SIGKILL; the program then tells itself SIGTERM, so that it needs one
// clean shutdown only and is never left behind. Without `unref` the channel alone would keep a
// program alive that has finished.
if (process.connected) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
