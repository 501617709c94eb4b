import { common, createLowlight } from 'lowlight';
import { offer } from './parts.ts';

const lowlight = createLowlight(common);
lowlight.registerAlias({ python: ['py', 'python3'], bash: ['sh', 'zsh', 'console'], ini: ['toml', 'cfg'] });

offer('code', (text, language) => (lowlight.registered(language) ? lowlight.highlight(language, text) : null));
