import { useEffect, useState } from 'preact/hooks';

/** The width of the page, as it is drawn now. Pixels. */
export function useWidth(): number {
  const [width, setWidth] = useState(window.innerWidth);
  useEffect(() => {
    const look = (): void => setWidth(window.innerWidth);
    window.addEventListener('resize', look);
    return () => window.removeEventListener('resize', look);
  }, []);
  return width;
}
