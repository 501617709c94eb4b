/** Watches this process's resident set from now on. @returns by how many bytes it grew at most, once it is asked */
export function growth() {
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 10);
  return () => {
    clearInterval(sampling);
    return Math.max(most, process.memoryUsage.rss()) - before;
  };
}
